using System.CommandLine;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan sheet</c>: a row of images for each class.</summary>
internal static class SheetVerb
{
    private static readonly Argument<string> From = new("GENERATOR") { Description = "A run's folder, a checkpoint, or a generator.safetensors" };
    private static readonly Option<string> Out = new("--out", "-o") { Description = "The PNG to write", DefaultValueFactory = _ => "sheet.png" };
    private static readonly Option<int> Columns = new("--columns") { Description = "Images of each class", DefaultValueFactory = _ => 12 };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Another seed, other images", DefaultValueFactory = _ => 0 };
    private static readonly Option<double> Psi = new("--psi") { Description = "Truncation: 1 draws all the generator knows, smaller is safer and more alike", DefaultValueFactory = _ => 1 };
    private static readonly Option<Center> Center = new("--center")
    {
        Description = "What truncation draws towards: the mean of all (global) or of the image's class",
        DefaultValueFactory = _ => Synthesis.Center.Global,
    };
    private static readonly Option<NoiseMode> Noise = new("--noise") { Description = "random, const or none", DefaultValueFactory = _ => NoiseMode.Random };

    public static Command Create() => new Command("sheet", """
        Draw a sheet of images, a row for each class in the generator's order.

        Example:
          understudy gan sheet runs/faces --psi 0.7 --out sheet.png
        """)
    {
        From, Out, Columns, Seed, Psi, Center, Noise,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var (columns, path) = (a.GetValue(Columns), a.GetValue(Out)!);
        OptionException.RequireRange("columns", columns, 1, 100);
        using var sampler = Sampler.Load(a.GetValue(From)!);
        var options = new SamplingOptions { Seed = a.GetValue(Seed), Psi = a.GetValue(Psi), Center = a.GetValue(Center), Noise = a.GetValue(Noise) };
        var set = sampler.Draw([.. Enumerable.Repeat(columns, sampler.Classes.Count)], options, session.Terminal, session.Cancel);
        var (pixels, shape) = ImageGrid.Of(
            [.. Enumerable.Range(0, set.Count).Select(i => set.Pixels.Slice(i * set.Shape.Size, set.Shape.Size))], set.Shape, columns);
        AtomicFile.Write(path, s => s.Write(ImageCodec.EncodePng(pixels, shape, SyntheticMark.Of(sampler.GeneratorHash))));
        session.Output.WriteLine($"{path}: {string.Join(", ", sampler.Classes)}");
        return CommandLine.Done;
    }
}
