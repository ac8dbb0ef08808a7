using System.CommandLine;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Options;

/// <summary>How a generator draws: truncation, what it draws towards, and the noise of the pixels.</summary>
/// <param name="fresh">Whether every image may have noise of its own, as it then has by default; else the stored pattern.</param>
internal sealed class DrawingOptions(bool fresh)
{
    private readonly Option<double> _psi = new("--psi")
    {
        Description = "Truncation, −2 to 2: 1 draws all the generator knows, smaller is safer and more alike",
        DefaultValueFactory = _ => 1,
        HelpName = "PSI",
    };
    private readonly WordOption<Center> _center = new("--center",
        "What truncation draws towards: the mean of all (global) or of the image's class", Synthesis.Center.Global);
    private readonly WordOption<NoiseMode> _noise = fresh
        ? new("--noise", "Noise of the pixels: random (fresh for every image), const (the stored pattern) or none",
            NoiseMode.Random)
        : new("--noise", "Noise of the pixels: const (the stored pattern) or none",
            NoiseMode.Const, NoiseMode.Const, NoiseMode.None);

    public Command AddTo(Command command)
    {
        foreach (var option in (Option[])[_psi, _center, _noise]) command.Options.Add(option);
        return command;
    }

    /// <summary>Whether the user said how to draw.</summary>
    public bool IsGiven(ParseResult arguments) =>
        ((Option[])[_psi, _center, _noise]).Any(option => arguments.GetResult(option) is { Implicit: false });

    public double Psi(ParseResult arguments) => arguments.GetValue(_psi);

    public Center Center(ParseResult arguments) => _center.In(arguments);

    public NoiseMode Noise(ParseResult arguments) => _noise.In(arguments);
}
