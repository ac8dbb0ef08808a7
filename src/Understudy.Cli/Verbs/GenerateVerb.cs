using System.CommandLine;
using System.Globalization;
using Understudy.Cli.Verbs.Gan;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs;

/// <summary><c>understudy generate</c>: a generator to a synthetic set, or to one image of it again.</summary>
internal static class GenerateVerb
{
    private static readonly GeneratorArgument From = new();
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "A folder, or a file that ends in .zip or .safetensors; with --remake a .png",
        Required = true,
        HelpName = "PATH",
    };
    private static readonly Option<int?> Count = new("--count")
    {
        Description = "Images in all, spread evenly over the classes; the first have one more where it does not divide",
        HelpName = "N",
    };
    private static readonly Option<string[]> Counts = new("--counts")
    {
        Description =
            "Images of each class: angry=100,happy=50 (others: none), or 100,50,… in class order; or given again for each",
        DefaultValueFactory = _ => [],
        HelpName = "COUNTS",
    };
    private static readonly Option<string?> Like = new("--like")
    {
        Description = "As many of each class as this image set has",
        HelpName = "DATA",
    };
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Another seed, other images",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };
    private static readonly DrawingOptions Drawing = new(fresh: true);
    private static readonly WordOption<Precision> Number = PrecisionOption.Of("as trained");
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace a set that is there already" };
    private static readonly Option<string?> Remake = new("--remake")
    {
        Description = "Make one image of a set again, by its id; needs --manifest",
        HelpName = "ID",
    };
    private static readonly Option<string?> ManifestPath = new("--manifest")
    {
        Description = "That set: its folder, zip, .safetensors, or manifest.json",
        HelpName = "PATH",
    };
    private static readonly ReadingOptions Reading = new(size: false, channels: false, crop: false);

    public static Command Create() => Reading.AddTo(Drawing.AddTo(new Command("generate", """
        Draw a synthetic set from a generator: PNGs by class, labels.csv, and a manifest by which any image
        can be made again. Every image says in its PNG that it is synthetic. A .safetensors is the same set in
        one file, without PNGs. The options from --skip-bad on say how the images of --like are read.

        Examples:
          understudy generate runs/faces --count 28709 --out stand-in.zip
          understudy generate runs/faces --counts fear=4000,disgust=4000 --psi 0.8 --center class --out more/
          understudy generate runs/faces --like faces.zip --out stand-in.zip
          understudy generate runs/faces --remake syn-03-000017 --manifest stand-in.zip --out again.png
        """)
    {
        From, Out, Count, Counts, Like, Seed, Number, Overwrite, Remake, ManifestPath,
    })).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var path = a.GetValue(Out)!;
        if (a.GetValue(Remake) is { } id) return RemakeOne(session, id, path);
        if (a.GetValue(ManifestPath) is not null)
            throw new OptionException("--manifest: is for --remake ID; a set gets a manifest of its own");
        var inOneFile = path.EndsWith(ImageSetFile.Extension, StringComparison.OrdinalIgnoreCase);
        using var sampler = From.Load(session, Number.Given(a)?.Here());
        var options = new SamplingOptions
        {
            Seed = a.GetValue(Seed),
            Psi = Drawing.Psi(a),
            Center = Drawing.Center(a),
            Noise = Drawing.Noise(a),
            // What the manifest records must be the same on every processor.
            Precision = Number.Given(a)?.Here(),
        }.Validate();
        var set = sampler.Draw(CountsFor(a, sampler, session.Terminal), options, session.Terminal, session.Cancel);
        var manifest = Manifest.Of(sampler, set, options);
        if (inOneFile) manifest.SaveWith(set, path);
        else ImageSetWriter.Write(path, set, StrictJson.Write(manifest), manifest.PngText, session.Terminal,
            a.GetValue(Overwrite));
        session.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {set.Count} images of {set.Shape}: ")
            + string.Join(", ",
                manifest.Classes.Zip(manifest.Counts, (c, n) => string.Create(CultureInfo.InvariantCulture, $"{c} {n}"))));
        return CommandLine.Done;
    }

    private static int RemakeOne(Session session, string id, string path)
    {
        var manifest = Manifest.Load(session.Arguments.GetValue(ManifestPath)
            ?? throw new OptionException($"--remake {id}: give the set it is from with --manifest"));
        using var sampler = From.Load(session);
        var pixels = manifest.Remake(sampler, id);
        var index = manifest.Images.Index().First(i => i.Item.Id == id).Index;
        AtomicFile.Write(path, s => s.Write(ImageCodec.EncodePng(pixels, sampler.Shape, manifest.PngText(index))));
        session.Output.WriteLine($"{path}: {id}, {manifest.Images[index].Class}");
        return CommandLine.Done;
    }

    private static int[] CountsFor(ParseResult a, Sampler sampler, ProgressSink progress)
    {
        var (count, counts, like) = (a.GetValue(Count), a.GetValue(Counts), a.GetValue(Like));
        if (new object?[] { count, counts is [] ? null : counts, like }.Count(x => x is not null) != 1)
            throw new OptionException("give one of --count N, --counts NAME=N,… and --like DATA");
        if (count is { } n)
        {
            OptionException.RequireRange("count", n, 1, 100_000_000);
            return Sampler.EvenCounts(n, sampler.Classes.Count);
        }
        if (counts is { Length: > 0 }) return Parse(counts, sampler.Classes);
        var reading = Reading.From(a, sampler.Shape.Height, sampler.Shape.Channels) with { Crop = Crop.Center };
        var set = ImageSources.Read(like!, reading, progress);
        if (set.Classes.FirstOrDefault(c => sampler.Classes.IndexOf(c) < 0) is { } unknown)
            throw new OptionException($"--like: {like} has the class '{unknown}', the generator draws: "
                + $"{string.Join(", ", sampler.Classes)}");
        var there = set.CountsPerClass();
        return [.. sampler.Classes.Select(c => set.Classes.IndexOf(c) is >= 0 and var k ? there[k] : 0)];
    }

    /// <summary>"a=3,b=4" by name, or "3,4,0" in class order.</summary>
    internal static int[] Parse(string text, ClassNames classes) => Parse([text], classes);

    /// <param name="given">As above; or of several each one a count.</param>
    private static int[] Parse(string[] given, ClassNames classes)
    {
        var counts = new int[classes.Count];
        var (text, parts) = (string.Join(", ", given), ToolArguments.Names(given));
        var named = text.Contains('=', StringComparison.Ordinal);
        if (!named && parts.Length != classes.Count)
            throw new OptionException($"--counts {text}: {parts.Length} numbers for {classes.Count} classes "
                + $"({string.Join(", ", classes)}); give one for each, or NAME=N");
        for (int i = 0; i < parts.Length; i++)
        {
            var at = parts[i].LastIndexOf('=');
            var label = named ? at < 0 ? -1 : classes.IndexOf(parts[i][..at].Trim()) : i;
            if (label < 0)
            {
                throw new OptionException(
                    $"--counts {parts[i]}: no such class; NAME=N with one of: {string.Join(", ", classes)}");
            }
            if (!int.TryParse(parts[i][(at + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out counts[label]))
                throw new OptionException(
                    $"--counts {parts[i]}: '{parts[i][(at + 1)..]}' is no number of images; give 0 or more");
        }
        return counts;
    }
}
