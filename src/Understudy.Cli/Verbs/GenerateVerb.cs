using System.CommandLine;
using System.Globalization;
using Understudy.Cli.Verbs.Gan;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs;

/// <summary><c>understudy generate</c>: a generator to a synthetic set, or to one image of it again.</summary>
internal static class GenerateVerb
{
    private static readonly Argument<string> From = new("GENERATOR") { Description = "A run's folder, a checkpoint, or a generator.safetensors" };
    private static readonly Option<string> Out = new("--out", "-o") { Description = "A folder, or a file that ends in .zip or .safetensors; with --remake a .png", Required = true };
    private static readonly Option<int?> Count = new("--count") { Description = "Images in all, spread evenly over the classes; the first have one more where it does not divide" };
    private static readonly Option<string[]> Counts = new("--counts")
    {
        Description = "Images of each class: anger=100,joy=50 (others: none), or 100,50,… in class order; "
            + "or given again for each",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string?> Like = new("--like") { Description = "As many of each class as this image set has" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Another seed, other images", DefaultValueFactory = _ => 0 };
    private static readonly Option<double> Psi = new("--psi") { Description = "Truncation: 1 draws all the generator knows, smaller is safer and more alike", DefaultValueFactory = _ => 1 };
    private static readonly Option<Center> Center = new("--center")
    {
        Description = "What truncation draws towards: the mean of all (global) or of the image's class",
        DefaultValueFactory = _ => Synthesis.Center.Global,
    };
    private static readonly Option<NoiseMode> Noise = new("--noise") { Description = "random, const or none", DefaultValueFactory = _ => NoiseMode.Random };
    private static readonly Option<Precision?> Precision = new("--precision") { Description = "float32, bfloat16, or auto: bfloat16 where the processor has it and is faster with it (default: as trained)" };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace a set that is there" };
    private static readonly Option<string?> Remake = new("--remake") { Description = "Make one image again, by its id; needs --manifest" };
    private static readonly Option<string?> ManifestPath = new("--manifest") { Description = "The set's manifest.json, folder, zip or .safetensors" };

    public static Command Create() => new Command("generate", """
        Draw a synthetic set from a generator: PNGs by class, labels.csv, and a manifest by which any image
        can be made again. Every image says in its PNG that it is synthetic. A .safetensors is the same set in
        one file, without PNGs.

        Examples:
          understudy generate runs/faces --count 28709 --out stand-in.zip
          understudy generate runs/faces --counts fear=4000,disgust=4000 --psi 0.8 --center class --out more/
          understudy generate runs/faces --like faces.zip --out stand-in.zip
          understudy generate runs/faces --remake syn-03-000017 --manifest stand-in.zip --out again.png
        """)
    {
        From, Out, Count, Counts, Like, Seed, Psi, Center, Noise, Precision, Overwrite, Remake, ManifestPath,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var path = a.GetValue(Out)!;
        if (a.GetValue(Remake) is { } id) return RemakeOne(session, id, path);
        if (a.GetValue(ManifestPath) is not null) throw new OptionException("--manifest: is for --remake ID; a set gets a manifest of its own");
        var inOneFile = path.EndsWith(ImageSetFile.Extension, StringComparison.OrdinalIgnoreCase);
        if (inOneFile && File.Exists(path) && !a.GetValue(Overwrite)) throw new IOException($"{path} is there already; name another file, or say --overwrite");
        using var sampler = Sampler.Load(a.GetValue(From)!);
        var options = new SamplingOptions
        {
            Seed = a.GetValue(Seed),
            Psi = a.GetValue(Psi),
            Center = a.GetValue(Center),
            Noise = a.GetValue(Noise),
            // What the manifest records must be the same on every processor.
            Precision = a.GetValue(Precision)?.Here(),
        }.Validate();
        var set = sampler.Draw(CountsFor(a, sampler, session.Terminal), options, session.Terminal, session.Cancel);
        var manifest = Manifest.Of(sampler, set, options);
        if (inOneFile) manifest.SaveWith(set, path);
        else ImageSetWriter.Write(path, set, StrictJson.Write(manifest), manifest.PngText, session.Terminal, a.GetValue(Overwrite));
        session.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {set.Count} images of {set.Shape}: ")
            + string.Join(", ", manifest.Classes.Zip(manifest.Counts, (c, n) => string.Create(CultureInfo.InvariantCulture, $"{c} {n}"))));
        return CommandLine.Done;
    }

    private static int RemakeOne(Session session, string id, string path)
    {
        var manifest = Manifest.Load(session.Arguments.GetValue(ManifestPath)
            ?? throw new OptionException($"--remake {id}: give the set it is from with --manifest"));
        using var sampler = Sampler.Load(session.Arguments.GetValue(From)!);
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
        var set = ImageSources.Read(like!, ImageReading.Square(sampler.Shape.Height, sampler.Shape.Channels, Crop.Center), progress);
        if (set.Classes.FirstOrDefault(c => sampler.Classes.IndexOf(c) < 0) is { } unknown)
            throw new OptionException($"--like: {like} has the class '{unknown}', the generator draws: {string.Join(", ", sampler.Classes)}");
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
            throw new OptionException($"--counts {text}: {parts.Length} numbers for {classes.Count} classes ({string.Join(", ", classes)}); give one for each, or NAME=N");
        for (int i = 0; i < parts.Length; i++)
        {
            var at = parts[i].LastIndexOf('=');
            var label = named ? at < 0 ? -1 : classes.IndexOf(parts[i][..at].Trim()) : i;
            if (label < 0) throw new OptionException($"--counts {parts[i]}: no such class; NAME=N with one of: {string.Join(", ", classes)}");
            if (!int.TryParse(parts[i][(at + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out counts[label]))
                throw new OptionException($"--counts {parts[i]}: '{parts[i][(at + 1)..]}' is no number of images; give 0 or more");
        }
        return counts;
    }
}
