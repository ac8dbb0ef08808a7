using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan project</c>: the image of the generator that is nearest to a given one.</summary>
internal static class ProjectVerb
{
    private const int Lines = 10;
    private const string Holds = "RESTRICTED: holds the given image, and a w that reproduces it";

    private static readonly GeneratorArgument From = new();
    private static readonly Argument<string> Image =
        new("IMAGE") { Description = "A PNG or JPEG; made the generator's size and colour" };
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The folder to write",
        Required = true,
        HelpName = "DIR",
    };
    private static readonly Option<string?> Class = new("--class")
    {
        Description = "The class to begin at [default: all are tried, the nearest is taken]",
        HelpName = "NAME",
    };
    private static readonly Option<int> Steps = new("--steps")
    {
        Description = "Steps of optimisation",
        DefaultValueFactory = _ => new ProjectionOptions().Steps,
        HelpName = "N",
    };
    private static readonly Option<double> Rate = new("--learning-rate")
    {
        Description = "The largest step size",
        DefaultValueFactory = _ => new ProjectionOptions().LearningRate,
        HelpName = "RATE",
    };
    private static readonly Option<bool> EveryLayer = new("--every-layer")
    {
        Description = "A w for every layer (W+): nearer to any image, less of a face of the generator's",
    };
    private static readonly Option<bool> KeepNoise = new("--keep-noise")
    {
        Description = "Keep the stored noise patterns instead of learning them too",
    };
    private static readonly Option<double> NoiseWeight = new("--noise-weight")
    {
        Description = "How strictly learned noise must look like noise",
        DefaultValueFactory = _ => new ProjectionOptions().NoiseWeight,
        HelpName = "WEIGHT",
    };
    private static readonly WordOption<Crop> Crop = ReadingOptions.Cropping();
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Seed of the disturbances during the search",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };
    private static readonly Option<int> Scale = new("--scale")
    {
        Description = "Enlarge every pixel of comparison.png so many times",
        DefaultValueFactory = _ => 8,
        HelpName = "N",
    };

    public static Command Create() => new Command("project", """
        Search the generator for the image nearest to a given one.

        It shows what of an image the generator can say. Writes projected.png, comparison.png (given left,
        found right) and w.safetensors. The folder is marked RESTRICTED, because it holds the given image.

        Examples:
          understudy gan project runs/faces face.png --out projected/
          understudy gan project runs/faces face.png --class happy --steps 1000 --every-layer --out projected/
        """)
    {
        From, Image, Out, Class, Steps, Rate, EveryLayer, KeepNoise, NoiseWeight, Crop, Seed, Scale,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var (folder, path) = (a.GetValue(Out)!, a.GetValue(Image)!);
        OptionException.RequireRange("scale", a.GetValue(Scale), 1, 32);
        using var sampler = From.Load(session);
        var options = new ProjectionOptions
        {
            Steps = a.GetValue(Steps),
            LearningRate = a.GetValue(Rate),
            Label = a.GetValue(Class) is { } name ? ToolArguments.Label(sampler.Classes, name) : null,
            EveryLayer = a.GetValue(EveryLayer),
            LearnNoise = !a.GetValue(KeepNoise),
            NoiseWeight = a.GetValue(NoiseWeight),
            Seed = a.GetValue(Seed),
        }.Validate();
        var given = Read(path, sampler.Shape, Crop.In(a));

        var every = Math.Max(1, options.Steps / Lines);
        var found = Projection.Find(sampler, given, options, (step, all, distance) =>
        {
            session.Terminal.Report("project", step, all, "step", Say($"distance {distance:0.00}"));
            if (step % every == 0) session.Output.WriteLine(Say($"step {step,6}  distance {distance,7:0.00} of 255"));
        }, session.Cancel);

        // Before what it is said of.
        AtomicFile.WriteText(Path.Combine(folder, Restricted.FileName), Holds + "\n");
        var mark = SyntheticMark.Of(sampler.GeneratorHash);
        new Picture(sampler.Shape, found.Pixels).Save(Path.Combine(folder, "projected.png"), mark);
        Picture.Grid([given, found.Pixels], sampler.Shape, 2, a.GetValue(Scale))
            .Save(Path.Combine(folder, "comparison.png"), [("Restricted", Holds)]);
        SafetensorsFile.Write(Path.Combine(folder, "w.safetensors"), new Dictionary<string, string>
        {
            ["format"] = "understudy/projection/1",
            ["generator"] = sampler.GeneratorHash,
            ["class"] = sampler.Classes[found.Label],
            ["options"] = StrictJson.WriteLine(options),
        }, found.State.Select(s => (s.Key, s.Value.Dtype, s.Value.Shape, s.Value.Data)));

        if (found.ByClass is { } byClass)
        {
            var nearestFirst = sampler.Classes.Zip(byClass).OrderBy(c => c.Second).Select(c => Say($"{c.First} {c.Second:0.00}"));
            session.Output.WriteLine("classes: " + string.Join(", ", nearestFirst));
        }
        session.Output.WriteLine(
            Say($"{folder}: {sampler.Classes[found.Label]}, distance {found.Distance:0.00} of 255 (began at {found.Trace[0]:0.00}); ")
            + "RESTRICTED: it holds the given image");
        return CommandLine.Done;
    }

    private static string Say(FormattableString text) => FormattableString.Invariant(text);

    private static byte[] Read(string path, ImageShape shape, Crop crop)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path}: no such file; give a PNG or JPEG");
        var (own, pixels) = ImageCodec.Decode(File.ReadAllBytes(path), path);
        try
        {
            return new DecodedImage(own, pixels).WithChannels(shape.Channels).Fit(shape.Height, shape.Width, crop).Pixels;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path} {e.Message}", e);
        }
    }
}
