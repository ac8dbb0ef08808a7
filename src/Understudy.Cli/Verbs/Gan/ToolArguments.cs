using System.CommandLine;
using System.Globalization;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Gan;

/// <summary>The options that the generator's tools share, and how lists of seeds, classes and layers are written.</summary>
internal sealed class ToolArguments
{
    private const int MostSeeds = 1000;

    private readonly GeneratorArgument _from = new();
    private readonly DrawingOptions _drawing = new(fresh: false);
    private readonly Option<int> _scale = new("--scale")
    {
        Description = "Enlarge every pixel so many times",
        DefaultValueFactory = _ => 4,
        HelpName = "N",
    };

    public Command AddTo(Command command)
    {
        command.Arguments.Add(_from);
        _drawing.AddTo(command).Options.Add(_scale);
        return command;
    }

    public Sampler Load(Session session) => _from.Load(session);

    public int Scale(ParseResult a) => a.GetValue(_scale);

    public ToolOptions Options(ParseResult a) =>
        new ToolOptions { Psi = _drawing.Psi(a), Center = _drawing.Center(a), Noise = _drawing.Noise(a) }.Validate();

    /// <summary>"3", "0,5,7" or "0-7", mixed at will.</summary>
    public static List<long> Seeds(string key, string text)
    {
        var seeds = new List<long>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (first, last) = Range(key, part, "0,5,7 or 0-7");
            if (last - first >= MostSeeds - seeds.Count)
                throw new OptionException($"{key} {text}: more than {MostSeeds} seeds; give fewer");
            for (var seed = first; seed <= last; seed++) seeds.Add(seed);
        }
        return seeds;
    }

    /// <summary>"4-7", or "4" for one.</summary>
    public static (int First, int Last) Layers(string text)
    {
        var (first, last) = Range("--layers", text.Trim(), "4-7, or 4 for one");
        return ((int)first, (int)last);
    }

    /// <summary>The label of a class by its name.</summary>
    public static int Label(ClassNames classes, string name) => classes.IndexOf(name) is >= 0 and var label ? label
        : throw new OptionException($"class: '{name}' is not "
            + $"known{(Closest.To(name, [.. classes]) is { } near ? $"; did you mean '{near}'?" : ";")} "
            + $"The generator draws: {classes}");

    /// <summary>Given once, names between commas; given again, a whole name each: for those with commas in them.</summary>
    public static string[] Names(string[] given) =>
        given.Length == 1 ? given[0].Split(',', StringSplitOptions.TrimEntries) : given;

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static (long First, long Last) Range(string key, string text, string example)
    {
        var at = text.IndexOf('-', StringComparison.Ordinal);
        var (a, b) = at < 0 ? (text, text) : (text[..at], text[(at + 1)..]);
        return TryNumber(a, out var first) && TryNumber(b, out var last) && first <= last ? (first, last)
            : throw new OptionException($"{key}: '{text}' is no number or range; give {example}");
    }
}
