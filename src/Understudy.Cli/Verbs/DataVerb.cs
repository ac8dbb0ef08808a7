using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Cli.Verbs;

/// <summary><c>data describe|import|split|toy</c>: everything about labelled images that needs no tensor.</summary>
internal static class DataVerb
{
    private const string Purpose = """
        Look at labelled images, bring them into one form, split them, or draw some.

        PATH is a folder or a zip (read in place) of <class>/x.png or train/<class>/x.jpg and test/<class>/x.jpg,
        the original fer2013.csv, a Parquet file or folder as Hugging Face keeps image sets, or a .safetensors set.

        Examples:
          understudy data describe fer2013.zip
          understudy data import photos/ --out photos.safetensors --size 48 --channels 1 --crop center
          understudy data split photos.safetensors --out split.csv --validation 0.1 --test 0.2
          understudy data toy faces.zip --count 7000
        """;

    public static Command Create() => new("data", Purpose) { Describe(), Import(), SplitUp(), Toy() };

    private static Command Describe()
    {
        var path = ReadingOptions.Images("PATH");
        Option<bool> json = new("--json") { Description = "Print JSON, for a script" };
        Option<bool> quick = new("--no-duplicates") { Description = "Do not look for duplicates" };
        Option<double> threshold = new("--threshold")
        {
            Description = "Correlation from which two images are near copies",
            DefaultValueFactory = _ => Duplicates.DefaultThreshold,
            HelpName = "0.5–1",
        };
        var reading = new ReadingOptions();
        return reading.AddTo(new Command("describe", """
            Count images per class and part; find exact and near copies inside and across parts, and labels that conflict.

            Examples:
              understudy data describe fer2013.zip
              understudy data describe faces/ --json > faces.json
            """) { path, json, quick, threshold }).Does(s =>
            {
                var source = s.Arguments.GetValue(path)!;
                var survey = ImageSources.Survey(source, reading.From(s.Arguments), s.Terminal);
                var found = s.Arguments.GetValue(quick)
                    ? null : Duplicates.Find(survey.Set, s.Arguments.GetValue(threshold), progress: s.Terminal);
                var description = DataDescription.Of(source, survey, found);
                s.Output.Write(s.Arguments.GetValue(json) ? StrictJson.Write(description) : DescriptionText.Of(description));
                return CommandLine.Done;
            });
    }

    private static Command Import()
    {
        var path = ReadingOptions.Images("PATH");
        Option<string> to = new("--out", "-o")
        {
            Description = "What to write: a .safetensors file (fast to read), a .zip or a folder of PNG files",
            Required = true,
            HelpName = "PATH",
        };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace a set that is there already" };
        var reading = new ReadingOptions();
        return reading.AddTo(new Command("import", """
            Bring labelled images into one form: one shape, one file or folder.

            Examples:
              understudy data import fer2013.csv --out fer2013.safetensors
              understudy data import photos.zip --out faces/ --size 64 --crop center --skip-bad
            """) { path, to, overwrite }).Does(s =>
            {
                var (source, target) = (s.Arguments.GetValue(path)!, s.Arguments.GetValue(to)!);
                var options = reading.From(s.Arguments);
                var set = ImageSources.Read(source, options, s.Terminal);
                var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
                Save(target, set, new { classes = set.Classes.ToArray(), source = name, resizer = Resizer.Name },
                    s.Arguments.GetValue(overwrite), s.Terminal);
                s.Output.WriteLine($"{target}: {set.Count} images of {set.Shape}, {set.Classes.Count} classes");
                return CommandLine.Done;
            });
    }

    private static Command SplitUp()
    {
        var path = ReadingOptions.Images("PATH");
        Option<string> to = new("--out", "-o")
        {
            Description = "The file to write: id,role",
            Required = true,
            HelpName = "split.csv",
        };
        Option<ulong> seed =
            new("--seed") { Description = "Another seed, another split", DefaultValueFactory = _ => 0, HelpName = "N" };
        var defaults = new SplitOptions();
        Option<double>[] shares = [.. Enum.GetValues<Role>()
            .Select(role => new Option<double>($"--{role.Word()}") { Description = $"Share of {Use(role)}", HelpName = "0–1" })];
        for (int k = 1; k < shares.Length; k++)
        {
            var share = defaults.Share((Role)k);
            shares[k].DefaultValueFactory = _ => share;
        }
        Option<bool> ignoreParts = new("--ignore-parts") { Description = "Mix the set's own train and test parts" };
        Option<string?> testPart = new("--test-part")
        {
            Description = "Of a set with both a PublicTest and a PrivateTest part, the one that is the test; the other is then "
                + "for validation [default: both are the test]",
            HelpName = "PART",
        };
        Option<bool> tear = new("--tear-duplicates") { Description = "Let copies of one picture fall into different roles" };
        Option<string?> groups = new("--groups")
        {
            Description = "A CSV with a column id or file and one that says what belongs together (a person, a session)",
            HelpName = "CSV",
        };
        Option<string> column =
            new("--group-column") { Description = "That column's name", DefaultValueFactory = _ => "group", HelpName = "NAME" };
        var command = new Command("split", """
            Give every image one role, evenly over the classes, copies kept together. The shares sum to 1; a set's own
            test part becomes the test role, and the other shares are then taken of the rest.

            Examples:
              understudy data split fer2013.zip --out split.csv --validation 0.1
              understudy data split fer2013.csv --out split.csv --test-part PrivateTest
              understudy data split faces.zip --out split.csv --judge 0.2 --validation 0.1 --holdout 0.2 --test 0.1
            """) { path, to, seed, ignoreParts, testPart, tear, groups, column };
        foreach (var share in shares) command.Options.Add(share);
        var reading = new ReadingOptions();
        return reading.AddTo(command).Does(s =>
        {
            var a = s.Arguments;
            var set = ImageSources.Read(a.GetValue(path)!, reading.From(a), s.Terminal);
            var given = new SplitOptions(a.GetValue(seed), UseParts: !a.GetValue(ignoreParts), TestPart: a.GetValue(testPart));
            var options = SplitFor(set, a, shares, given);
            string[][] together = [
                .. a.GetValue(groups) is { } csv
                ? [SplitGroups.FromCsv(csv, a.GetValue(column)!, set, s.Terminal)] : (string[][])[],
                .. a.GetValue(tear) ? (string[][])[] : [Duplicates.Find(set, progress: s.Terminal).SplitGroups(set)]];
            var split = Splitter.Make(set, options, SplitGroups.Join(set, together));
            split.Save(a.GetValue(to)!);
            foreach (var role in Enum.GetValues<Role>().Where(r => split.Indices(set, r).Length > 0))
                s.Output.WriteLine($"{role.Word(),-10} {split.Indices(set, role).Length,8}");
            if (Splitter.OwnParts(set, options) is { Length: > 0 } own) s.Output.WriteLine($"by the set's own parts: {own}");
            s.Output.WriteLine($"{a.GetValue(to)}: split {split.Hash[..12]}");
            return CommandLine.Done;
        });
    }

    /// <summary>
    /// Shares as given; by default nothing for a role that the set's own parts fill, and the rest to the generator.
    /// </summary>
    private static SplitOptions SplitFor(ImageSet set, ParseResult arguments, Option<double>[] shares, SplitOptions given)
    {
        bool Given(int role) => arguments.GetResult(shares[role]) is { Implicit: false };
        double[] share = [
            .. shares.Select((option, k) =>
                !Given(k) && given.UseParts && Splitter.FilledByPart(set, (Role)k, given.TestPart)
                    ? 0 : arguments.GetValue(option))];
        foreach (var role in Enum.GetValues<Role>()[1..])
            OptionException.RequireRange(role.Word(), share[(int)role], 0, 1);
        if (!Given(0) && share[1..].Sum() is > 1 + 1e-9 and var sum)
        {
            throw new OptionException(FormattableString.Invariant($"split: the shares sum to {sum:0.####}; ")
                + "give shares that sum to 1 at most, what they leave is the generator's");
        }
        if (!Given(0)) share[0] = Math.Max(0, Math.Round(1 - share[1..].Sum(), 12));
        return (given with { Generator = share[0], Judge = share[1], Validation = share[2], Holdout = share[3], Test = share[4] })
            .Validate();
    }

    private static Command Toy()
    {
        Argument<string> to = new("PATH") { Description = "What to write: a .safetensors file, a .zip or a folder" };
        Option<int> count = new("--count") { Description = "Number of faces", DefaultValueFactory = _ => 7000, HelpName = "N" };
        Option<ulong> seed =
            new("--seed") { Description = "Another seed, other faces", DefaultValueFactory = _ => 0, HelpName = "N" };
        Option<int> size = new("--size") { Description = "Pixels a side", DefaultValueFactory = _ => 48, HelpName = "N" };
        Option<int> channels =
            new("--channels") { Description = "1 (grey) or 3 (RGB)", DefaultValueFactory = _ => 1, HelpName = "1|3" };
        Option<int> identities = new("--identities")
        {
            Description = "Number of different people; 0 for a new one each time",
            DefaultValueFactory = _ => 0,
            HelpName = "N"
        };
        Option<int> exact = new("--exact-copies")
        {
            Description = "How many of the faces are exact copies of others",
            DefaultValueFactory = _ => 0,
            HelpName = "N"
        };
        Option<int> near = new("--near-copies")
        {
            Description = "How many are copies shifted a little, with other noise",
            DefaultValueFactory = _ => 0,
            HelpName = "N"
        };
        Option<double> noise = new("--noise")
        {
            Description = "0 to 1: how much noise, blur, bad light and occlusion",
            DefaultValueFactory = _ => 1,
            HelpName = "SHARE"
        };
        Option<double> variety = new("--variety")
        {
            Description = "0 to 1: how much people differ, poses change, expressions weaken",
            DefaultValueFactory = _ => 1,
            HelpName = "SHARE"
        };
        Option<string?> factors = new("--factors") { Description = "Also write what is known of every face", HelpName = "CSV" };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace a set that is there already" };
        return new Command("toy", """
            Draw labelled faces with known factors: seven expressions, as many people as wanted, nobody's photographs.

            Examples:
              understudy data toy faces.zip --count 7000
              understudy data toy faces/ --count 2000 --identities 100 --factors faces.csv
            """) { to, count, seed, size, channels, identities, exact, near, noise, variety, factors, overwrite }.Does(s =>
            {
                var a = s.Arguments;
                var options = new ToyFacesOptions(a.GetValue(count), a.GetValue(seed), a.GetValue(size), a.GetValue(channels),
                    a.GetValue(identities),
                    a.GetValue(exact), a.GetValue(near), a.GetValue(noise), a.GetValue(variety)).Validate();
                var (set, known) = ToyFaces.Draw(options);
                Save(a.GetValue(to)!, set, new { classes = set.Classes.ToArray(), drawn_by = "understudy data toy", options },
                    a.GetValue(overwrite), s.Terminal);
                if (a.GetValue(factors) is { } file) AtomicFile.WriteText(file, ToyFactors.ToCsv(set, known));
                s.Output.WriteLine($"{a.GetValue(to)}: {set.Count} faces of {set.Shape}, seed {options.Seed}");
                return CommandLine.Done;
            });
    }

    private static void Save(string path, ImageSet set, object manifest, bool overwrite, ProgressSink progress)
    {
        var text = StrictJson.Write(manifest);
        if (!path.EndsWith(ImageSetFile.Extension, StringComparison.OrdinalIgnoreCase))
            ImageSetWriter.Write(path, set, text, null, progress, overwrite);
        else ImageSetFile.Save(path, set, new Dictionary<string, string> { ["manifest"] = text });
    }

    private static string Use(Role role) => role switch
    {
        Role.Generator => "what generators and the real arms are trained on [default: what the others leave]",
        Role.Judge => "what judges and feature extractors are trained on",
        Role.Validation => "what is chosen on",
        Role.Holdout => "what nothing trained ever sees",
        _ => "what is measured on, unless the set has a test part",
    };
}
