using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan sheet</c>: a row of images for each class.</summary>
internal static class SheetVerb
{
    private static readonly GeneratorArgument From = new();
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The PNG to write",
        DefaultValueFactory = _ => "sheet.png",
        HelpName = "PNG",
    };
    private static readonly Option<int> Columns = new("--columns")
    {
        Description = "Images of each class",
        DefaultValueFactory = _ => 12,
        HelpName = "N",
    };
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Another seed, other images",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };
    private static readonly DrawingOptions Drawing = new(fresh: true);

    public static Command Create() => Drawing.AddTo(new Command("sheet", """
        Draw a sheet of images, a row for each class in the generator's order.

        Example:
          understudy gan sheet runs/faces --psi 0.7 --out sheet.png
        """)
    {
        From, Out, Columns, Seed,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var (columns, path) = (a.GetValue(Columns), a.GetValue(Out)!);
        OptionException.RequireRange("columns", columns, 1, 100);
        using var sampler = From.Load(session);
        var options = new SamplingOptions
        {
            Seed = a.GetValue(Seed),
            Psi = Drawing.Psi(a),
            Center = Drawing.Center(a),
            Noise = Drawing.Noise(a),
        }.Validate();
        var set = sampler.Draw([.. Enumerable.Repeat(columns, sampler.Classes.Count)], options, session.Terminal, session.Cancel);
        var (pixels, shape) = ImageGrid.Of(
            [.. Enumerable.Range(0, set.Count).Select(i => set.Pixels.Slice(i * set.Shape.Size, set.Shape.Size))], set.Shape,
                columns);
        AtomicFile.Write(path, s => s.Write(ImageCodec.EncodePng(pixels, shape, SyntheticMark.Of(sampler.GeneratorHash))));
        session.Output.WriteLine($"{path}: {string.Join(", ", sampler.Classes)}");
        return CommandLine.Done;
    }
}
