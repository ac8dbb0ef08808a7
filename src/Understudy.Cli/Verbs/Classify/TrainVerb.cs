using System.CommandLine;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary><c>classify train</c>: labelled images to a run folder with a classifier in it.</summary>
internal static class TrainVerb
{
    private static readonly Argument<string> Data = new("DATA") { Description = "Labelled images: a folder or zip of <class>/<id>.png, fer2013.csv, or a .safetensors set" };
    private static readonly Option<string> Out = new("--out", "-o") { Description = "The run's folder; called again on it, training goes on where it stopped", Required = true };
    private static readonly Option<string?> Recipe = new("--recipe") { Description = $"A network with its training: {string.Join(", ", ClassifierOptions.RecipeNames)} (default: screening)" };
    private static readonly Option<string?> Arch = new("--arch") { Description = $"A network with default training, in place of a recipe: {string.Join(", ", ClassifierNet.Names)}" };
    private static readonly Option<string?> Weights = new("--weights") { Description = "Go on from weights learnt elsewhere: .pth or .pt of PyTorch, .safetensors, or a classifier of another run. Needs --arch" };
    private static readonly Option<string?> Normalise = new("--normalise") { Description = "What the weights expect of images: imagenet, or none for −1 to 1 (default: as a classifier's file says; imagenet for other --weights, else none)" };
    private static readonly Option<bool> Frozen = new("--frozen") { Description = "Learn the last layer alone, on features of --weights that are computed once and kept" };
    private static readonly Option<string?> Features = new("--features") { Description = "Where --frozen keeps features, to be shared between runs (default: features/ in the run's folder)" };
    private static readonly Option<double?> LayerDecay = new("--layer-decay") { Description = "Every block learns at this share of the rate of the block above it, .01 to 1 (default: .8 for --weights, else 1)" };
    private static readonly Option<string[]> Fresh = new("--fresh") { Description = "Beginnings of names that may stay at random values where --weights lack them or have other shapes", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> Surplus = new("--ignore") { Description = "Beginnings of names in --weights that the network has no use for", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int?> Epochs = new("--epochs") { Description = "Passes over the training images, each followed by a validation" };
    private static readonly Option<int?> Steps = new("--steps") { Description = "Exactly so many steps, spread over the epochs, whatever the number of images" };
    private static readonly Option<int?> Size = new("--size") { Description = "Side of the images the network sees, in pixels (default: the network's own)" };
    private static readonly Option<int?> Batch = new("--batch") { Description = "Images per step (default: the recipe's)" };
    private static readonly Option<double?> Rate = new("--rate") { Description = "Peak of the learning rate (default: the recipe's)" };
    private static readonly Option<string?> Optimiser = new("--optimiser") { Description = "sgd or adamw (default: sgd; adamw for --weights)" };
    private static readonly Option<string?> Number = new("--precision") { Description = "The number format of the convolutions: float32, bfloat16, or auto. bfloat16 is faster on processors that have it (avx512_bf16, amx_bf16), many times slower on others; auto takes it only where it is faster (default: float32)" };
    private static readonly Option<string[]> Set = new("--set") { Description = "Any other option as KEY=VALUE, such as cutmix=1 or augment.flip=false; may be given again (docs/guide/classifiers.md)", DefaultValueFactory = _ => [] };
    private static readonly Option<int?> Channels = new("--channels") { Description = "1 reads images as grey, 3 as RGB (default: as the files are)" };
    private static readonly Option<Crop> Crop = ClassifierPath.Crop();
    private static readonly Option<bool> SkipBad = ClassifierPath.SkipBad();
    private static readonly Option<string?> SplitPath = new("--split") { Description = "A split.csv: roles generator (or --role) for training, validation for choosing. Default: made anew, stratified, into --out" };
    private static readonly Option<string> TrainRole = new("--role") { Description = "Whose images to train on: generator or judge", DefaultValueFactory = _ => "generator" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Root seed of the split, the weights, the order and the augmentation", DefaultValueFactory = _ => 0 };

    public static Command Create() => new Command("train", "Train a classifier on labelled images; the best epoch is chosen on the validation part")
    {
        Data, Out, Recipe, Arch, Weights, Normalise, Frozen, Features, LayerDecay, Fresh, Surplus, Epochs, Steps, Size, Batch, Rate, Optimiser,
        Number, Set, Channels, Crop, SkipBad, SplitPath, TrainRole, Seed,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var start = Start(a);
        var options = Options(a, start);
        OptionException.RequireOneOf("--role", a.GetValue(TrainRole)!, "generator", "judge");
        var (seed, folder) = (a.GetValue(Seed), a.GetValue(Out)!);
        // A side asked for is also what differing files are brought to; else they must be alike.
        var reading = ImageReading.Square(a.GetValue(Size), a.GetValue(Channels), a.GetValue(Crop), a.GetValue(SkipBad));
        var set = ImageSources.Read(a.GetValue(Data)!, reading, session.Terminal);
        var split = a.GetValue(SplitPath) is { } path ? Split.Load(path) : SplitOf(set, seed);
        KeepSplit(split, Path.Combine(folder, ClassifierPath.SplitFile));

        var train = split.RequiredIndices(set, a.GetValue(TrainRole) == "judge" ? Role.Judge : Role.Generator);
        var validation = set.Subset(split.Indices(set, Role.Validation));
        var data = new ClassifierData(Selection.Of("data", set, train), new Dictionary<string, ImageSet> { ["data"] = set }, validation, split.Hash);
        session.Terminal.Say($"{options.Arch}: {train.Length} training images, {validation.Count} validation images, {set.Classes.Count} classes");
        var result = ClassifierTrainer.Train(options, data, folder, seed, session.Terminal, session.Cancel, start);
        session.Output.WriteLine(FormattableString.Invariant(
            $"best epoch {result.Best.Epoch} of {result.Curve.Count}: validation accuracy {result.Best.ValidationAccuracy:0.0000}, NLL {result.Best.ValidationNll:0.0000}"));
        if (options.Calibrate)
            session.Output.WriteLine(FormattableString.Invariant($"temperature {TrainedClassifier.ReadAbout(result.File).Temperature:0.000}, fitted to the validation images"));
        session.Output.WriteLine(result.File);
        return CommandLine.Done;
    }

    /// <summary>The usual shares, which are not this verb's to change.</summary>
    private static Split SplitOf(ImageSet set, ulong seed)
    {
        try
        {
            return Splitter.Make(set, new SplitOptions(seed));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{Human.Count(set.Count, "image")}: too few for the usual split into training, "
                + "validation and test; give more, or a split of your own with --split (see: understudy data split --help)", e);
        }
    }

    /// <summary>The split stands beside the classifier, so that a test finds the images it may use.</summary>
    private static void KeepSplit(Split split, string path)
    {
        if (!File.Exists(path)) split.Save(path);
        else if (Split.Load(path).Hash != split.Hash)
            throw new OptionException($"{path} is another split; give it as --split to go on with that run, or choose another folder with --out");
    }

    private static ClassifierStart? Start(ParseResult a)
    {
        if (a.GetValue(Weights) is { } path)
        {
            if (!File.Exists(path)) throw new OptionException($"--weights: {path} is no file; docs/guide/weights.md says which to download");
            var (fresh, surplus) = (a.GetValue(Fresh) ?? [], a.GetValue(Surplus) ?? []);
            return new(path, fresh.Length + surplus.Length > 0 ? new(fresh, surplus) : null, a.GetValue(Features));
        }
        foreach (var (given, name) in new[]
        {
            (a.GetValue(Frozen), "--frozen"), (a.GetValue(Features) is not null, "--features"), (a.GetValue(Fresh) is { Length: > 0 }, "--fresh"),
            (a.GetValue(Surplus) is { Length: > 0 }, "--ignore"),
        })
        {
            if (given) throw new OptionException($"{name} is about weights learnt elsewhere; give them with --weights");
        }
        return null;
    }

    /// <summary>A recipe or a network, with what the command line changes.</summary>
    private static ClassifierOptions Options(ParseResult a, ClassifierStart? start)
    {
        if (a.GetValue(Recipe) is not null && a.GetValue(Arch) is not null)
            throw new OptionException("--recipe and --arch: give one; a recipe is a network with its training, --arch a network with default training");
        if (a.GetValue(Normalise) is { } given) OptionException.RequireOneOf("--normalise", given, "imagenet", "none");
        var normalise = a.GetValue(Normalise) switch
        {
            null => start?.Normalise() ?? Normalisation.None,
            "none" => Normalisation.None,
            _ => Normalisation.Imagenet,
        };
        var o = Base(a, start, normalise) with { Normalise = normalise };
        if (a.GetValue(Optimiser) is { } name) OptionException.RequireOneOf("--optimiser", name, "sgd", "adamw");
        if (a.GetValue(Number) is { } number) OptionException.RequireOneOf("--precision", number, "float32", "bfloat16", "auto");
        var optimiser = a.GetValue(Optimiser) switch { null => o.Optimiser, "sgd" => ClassifierOptimiser.Sgd, _ => ClassifierOptimiser.AdamW };
        var usualRate = optimiser == o.Optimiser ? o.PeakRate : optimiser == ClassifierOptimiser.AdamW ? .002 : start is null ? .1 : .01;
        o = o with
        {
            Epochs = a.GetValue(Epochs) ?? o.Epochs,
            Steps = a.GetValue(Steps) ?? o.Steps,
            Batch = a.GetValue(Batch) ?? o.Batch,
            Size = a.GetValue(Size) ?? o.Size,
            EarlySize = o.Frozen ? a.GetValue(Size) ?? o.Size : Math.Min(o.EarlySize, a.GetValue(Size) ?? o.EarlySize),
            Optimiser = optimiser,
            Precision = a.GetValue(Number) switch { null => o.Precision, "bfloat16" => Precision.BFloat16, "auto" => Precision.Auto, _ => Precision.Float32 },
            PeakRate = a.GetValue(Rate) ?? usualRate,
            LayerDecay = a.GetValue(LayerDecay) ?? o.LayerDecay,
        };
        o = OptionSetter.Apply(o, a.GetValue(Set)!);
        o.Validate();
        return o;
    }

    private static ClassifierOptions Base(ParseResult a, ClassifierStart? start, Normalisation normalise)
    {
        if (a.GetValue(Frozen))
        {
            return a.GetValue(Arch) is { } frozen ? ClassifierOptions.FrozenFeatures(frozen, normalise)
                : throw new OptionException("--frozen: needs the network that the weights are of; give it with --arch");
        }
        if (a.GetValue(Arch) is { } arch) return start is null ? ClassifierOptions.For(arch) : ClassifierOptions.FineTune(arch, normalise);
        return start is null || a.GetValue(Recipe) is not null ? ClassifierOptions.Recipe(a.GetValue(Recipe) ?? "screening")
            : throw new OptionException("--weights: name the network that they are of with --arch, or a --recipe of the same network");
    }
}
