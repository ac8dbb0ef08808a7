using System.CommandLine;
using System.Globalization;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Gan;

/// <summary>The options that the generator's tools share, and how lists of seeds, classes and layers are written.</summary>
internal sealed class ToolArguments
{
    private const int MostSeeds = 1000;

    private readonly Argument<string> _from = new("GENERATOR") { Description = "A run's folder, a checkpoint, or a generator.safetensors" };
    private readonly Option<double> _psi = new("--psi")
    {
        Description = "Truncation: 1 draws all the generator knows, smaller is safer and more alike",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<Center> _center = new("--center")
    {
        Description = "What truncation draws towards: the mean of all (global) or of the image's class",
        DefaultValueFactory = _ => Center.Global,
    };
    private readonly Option<NoiseMode> _noise = new("--noise")
    {
        Description = "const, the stored pattern, or none",
        DefaultValueFactory = _ => NoiseMode.Const,
    };
    private readonly Option<int> _scale = new("--scale") { Description = "Enlarge every pixel so many times", DefaultValueFactory = _ => 4 };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_from);
        foreach (var option in (Option[])[_psi, _center, _noise, _scale]) command.Options.Add(option);
    }

    public Sampler Load(ParseResult a) => Sampler.Load(a.GetValue(_from)!);

    public int Scale(ParseResult a) => a.GetValue(_scale);

    public ToolOptions Options(ParseResult a) =>
        new ToolOptions { Psi = a.GetValue(_psi), Center = a.GetValue(_center), Noise = a.GetValue(_noise) }.Validate();

    /// <summary>"3", "0,5,7" or "0-7", mixed at will.</summary>
    public static List<long> Seeds(string key, string text)
    {
        var seeds = new List<long>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (first, last) = Range(key, part, "0,5,7 or 0-7");
            if (last - first >= MostSeeds - seeds.Count) throw new OptionException($"{key} {text}: more than {MostSeeds} seeds; give fewer");
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
        : throw new OptionException($"class: '{name}' is not known{(Closest.To(name, [.. classes]) is { } near ? $"; did you mean '{near}'?" : ";")} "
            + $"The generator draws: {classes}");

    /// <summary>Given once, names between commas; given again, a whole name each: for those with commas in them.</summary>
    public static string[] Names(string[] given) =>
        given.Length == 1 ? given[0].Split(',', StringSplitOptions.TrimEntries) : given;

    private static bool TryNumber(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static (long First, long Last) Range(string key, string text, string example)
    {
        var at = text.IndexOf('-', StringComparison.Ordinal);
        var (a, b) = at < 0 ? (text, text) : (text[..at], text[(at + 1)..]);
        return TryNumber(a, out var first) && TryNumber(b, out var last) && first <= last ? (first, last)
            : throw new OptionException($"{key}: '{text}' is no number or range; give {example}");
    }
}
