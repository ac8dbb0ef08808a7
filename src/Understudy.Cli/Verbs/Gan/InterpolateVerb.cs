using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan interpolate</c>: faces turning into one another, as an animation and as a strip.</summary>
internal static class InterpolateVerb
{
    private static readonly ToolArguments Tool = new();
    private static readonly Option<string> Seeds = new("--seeds")
    {
        Description = "The faces to pass: 0,5,7 or 0-7",
        DefaultValueFactory = _ => "0-3",
        HelpName = "SEEDS",
    };
    private static readonly Option<string[]> Class = new("--class")
    {
        Description = "Show this class; may be given again [default: every class, side by side]",
        DefaultValueFactory = _ => [],
        HelpName = "NAME",
    };
    private static readonly Option<string[]> Through = new("--through")
    {
        Description = "Go from class to class instead, at every seed: angry,happy,fear; or given again for each",
        HelpName = "CLASSES",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The animated PNG to write",
        DefaultValueFactory = _ => "walk.png",
        HelpName = "PNG",
    };
    private static readonly Option<string?> Strip = new("--strip")
    {
        Description = "Also write images along the walk side by side, as a PNG",
        HelpName = "PNG",
    };
    private static readonly Option<int> Columns = new("--columns")
    {
        Description = "Images of the strip",
        DefaultValueFactory = _ => 12,
        HelpName = "N",
    };
    private static readonly Option<int> Steps = new("--steps")
    {
        Description = "Images from one face to the next",
        DefaultValueFactory = _ => 24,
        HelpName = "N",
    };
    private static readonly Option<int> Rate = new("--fps")
    {
        Description = "Images a second",
        DefaultValueFactory = _ => 20,
        HelpName = "N",
    };
    private static readonly WordOption<WalkSpace> Space = new("--space",
        "Where the walk is: z, along the sphere of latents, or w, straight from one to the next", WalkSpace.Z);
    private static readonly Option<bool> NoLoop =
        new("--no-loop") { Description = "End at the last face, instead of coming back to the first" };

    public static Command Create() => Tool.AddTo(new Command("interpolate", """
        Animate faces turning into one another, and lay them out as a strip.

        The walk goes through seeds, every class side by side, or through classes with everything else kept.
        The animation is an animated PNG, which browsers and most viewers play.

        Examples:
          understudy gan interpolate runs/faces --seeds 0-3 --out walk.png --strip strip.png
          understudy gan interpolate runs/faces --seeds 1,2 --class happy --psi 0.7 --center class
          understudy gan interpolate runs/faces --seeds 0-5 --through angry,happy,fear --out classes.png
        """)
    {
        Seeds, Class, Through, Out, Strip, Columns, Steps, Rate, Space, NoLoop,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var seeds = ToolArguments.Seeds("--seeds", a.GetValue(Seeds)!);
        OptionException.RequireRange("fps", a.GetValue(Rate), 1, 100);
        OptionException.RequireRange("columns", a.GetValue(Columns), 2, 1000);
        OptionException.RequireRange("scale", Tool.Scale(a), 1, 32);
        if (a.GetValue(Class)!.Length > 0 && a.GetValue(Through)!.Length > 0)
            throw new OptionException("give --class or --through, not both");
        var options = Tool.Options(a);
        using var sampler = Tool.Load(session);
        var (steps, loop) = (a.GetValue(Steps), !a.GetValue(NoLoop));
        var walks = Walks(a, seeds, sampler.Classes)
            .Select(stations => new LatentWalk(stations, steps, loop, Space.In(a)).Validate()).ToList();
        var panels = new List<IReadOnlyList<byte[]>>();
        foreach (var walk in walks)
        {
            session.Cancel.ThrowIfCancellationRequested();
            panels.Add(walk.Draw(sampler, options));
            session.Terminal.Report("interpolate", panels.Count * walk.Length, walks.Count * walk.Length, "image");
        }

        var (path, mark) = (a.GetValue(Out)!, SyntheticMark.Of(sampler.GeneratorHash));
        var frames = Enumerable.Range(0, panels[0].Count)
            .Select(i => Picture.Grid([.. panels.Select(p => p[i])], sampler.Shape, panels.Count, Tool.Scale(a))).ToList();
        AtomicFile.Write(path,
            s => s.Write(AnimatedPng.Encode([.. frames.Select(f => f.Pixels)], frames[0].Shape, a.GetValue(Rate), mark)));
        session.Output.WriteLine($"{path}: {frames.Count} frames of {frames[0].Shape.Width}×{frames[0].Shape.Height}; "
            + $"side by side: {Order(a, seeds, sampler.Classes)}");
        if (a.GetValue(Strip) is { } strip)
        {
            var columns = Math.Min(a.GetValue(Columns), frames.Count);
            var chosen = Enumerable.Range(0, columns)
                .Select(i => (int)Math.Round(i * (frames.Count - 1.0) / Math.Max(1, columns - 1))).ToList();
            Picture.Grid([.. panels.SelectMany(p => chosen.Select(i => p[i]))], sampler.Shape, columns, Tool.Scale(a))
                .Save(strip, mark);
            session.Output.WriteLine($"{strip}: {columns} images of each");
        }
        return CommandLine.Done;
    }

    /// <summary>The stations of every panel: seeds in one class, or classes at one seed.</summary>
    private static IEnumerable<IReadOnlyList<Face>> Walks(ParseResult a, List<long> seeds, ClassNames classes)
    {
        if (a.GetValue(Through) is { Length: > 0 } through)
        {
            var labels = ToolArguments.Names(through).Select(c => ToolArguments.Label(classes, c)).ToList();
            return seeds.Select(s => (IReadOnlyList<Face>)[.. labels.Select(l => new Face(s, l))]);
        }
        return Shown(a, classes)
            .Select(c => (IReadOnlyList<Face>)[.. seeds.Select(s => new Face(s, ToolArguments.Label(classes, c)))]);
    }

    private static IEnumerable<string> Shown(ParseResult a, ClassNames classes) =>
        a.GetValue(Class) is { Length: > 0 } some ? some : classes;

    private static string Order(ParseResult a, List<long> seeds, ClassNames classes) =>
        a.GetValue(Through)!.Length == 0 ? string.Join(", ", Shown(a, classes)) : "seeds " + string.Join(", ", seeds);
}
