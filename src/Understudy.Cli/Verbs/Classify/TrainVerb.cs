using System.CommandLine;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Classify;

/// <summary><c>classify train</c>: labelled images to a run folder with a classifier in it.</summary>
internal static class TrainVerb
{
    private static readonly Argument<string> Data = ReadingOptions.Images("DATA");
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The run's folder; called again on it, training goes on where it stopped",
        Required = true,
        HelpName = "DIR",
    };
    private static readonly Option<string?> Recipe = new("--recipe")
    {
        Description = $"A network with its training from random weights: {string.Join(", ", ClassifierOptions.RecipeNames)} "
            + "[default: screening]",
        HelpName = "NAME",
    };
    private static readonly Option<string?> Arch = new("--arch")
    {
        Description = $"A network with default training, in place of a recipe: {string.Join(", ", ClassifierNet.Names)}",
        HelpName = "NAME",
    };
    private static readonly Option<string?> Weights = new("--weights")
    {
        Description = "Go on from weights learnt elsewhere: .pth or .pt of PyTorch, .safetensors, or a classifier of another "
            + "run, its file or folder. Needs --arch, the network that they are of",
        HelpName = "FILE",
    };
    private static readonly WordOption<Normalisation> Normalise = new("--normalise",
        "What the weights expect of images: imagenet, or none for −1 to 1 [default: as a classifier's file says; imagenet "
        + "for other --weights, else none]", choices: [Normalisation.Imagenet, Normalisation.None]);
    private static readonly Option<bool> Frozen = new("--frozen")
    {
        Description = "Learn the last layer alone, on features of --weights that are computed once and kept",
    };
    private static readonly Option<string?> Features = new("--features")
    {
        Description = "Where --frozen keeps features, to be shared between runs [default: features/ in the run's folder]",
        HelpName = "DIR",
    };
    private static readonly Option<double?> LayerDecay = new("--layer-decay")
    {
        Description = "Every block learns at this share of the rate of the block above it, .01 to 1 "
            + "[default: .8 with --weights, else 1]",
        HelpName = "SHARE",
    };
    private static readonly Option<string[]> Fresh = new("--fresh")
    {
        Description = "Beginnings of names that may stay at random values where --weights lack them or have other shapes",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "NAME",
    };
    private static readonly Option<string[]> Surplus = new("--ignore")
    {
        Description = "Beginnings of names in --weights that the network has no use for",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "NAME",
    };
    private static readonly Option<int?> Epochs = new("--epochs")
    {
        Description = "Passes over the training images, each followed by a validation [default: the recipe's; with --arch 24, "
            + "with --weights 12, with --frozen 30]",
        HelpName = "N",
    };
    private static readonly Option<int?> Steps = new("--steps")
    {
        Description = "Exactly so many steps, spread over the epochs, whatever the number of images",
        HelpName = "N",
    };
    private static readonly Option<int?> Size = new("--size")
    {
        Description = "Side of the images the network sees, in pixels; without it image files must be of one size "
            + "[default: the network's own]",
        HelpName = "N",
    };
    private static readonly Option<int?> Batch = new("--batch")
    {
        Description = "Images per step [default: the recipe's; with --arch 128, for 128 pixels a side and more 32]",
        HelpName = "N",
    };
    private static readonly Option<double?> Rate = new("--rate")
    {
        Description = "Peak of the learning rate [default: the recipe's; with --weights .0003, with --frozen .002; with another "
            + "--optimiser than theirs a usual one for it]",
        HelpName = "RATE",
    };
    private static readonly WordOption<ClassifierOptimiser> Optimiser = new("--optimiser",
        "What turns gradients into steps [default: the recipe's; adamw with --weights]");
    private static readonly WordOption<Precision> Number = PrecisionOption.Of("auto");
    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Any other option, such as mixup=0.2 or augment.flip=false; may be given again (docs/guide/classifiers.md)",
        DefaultValueFactory = _ => [],
        HelpName = "KEY=VALUE",
    };
    private static readonly Option<string?> SplitPath = new("--split")
    {
        Description = "A split.csv: roles generator (or --role) for training, validation for choosing [default: made anew, "
            + "stratified, copies of a picture kept together, into --out]",
        HelpName = "split.csv",
    };
    private static readonly Option<string?> SelectionPath = new("--selection")
    {
        Description = "Teach what this file says of DATA's training images, label or probabilities and weight: a selection.csv, "
            + "such as predict --selection writes",
        HelpName = "selection.csv",
    };
    private static readonly Option<string?> TeacherPath = new("--teacher")
    {
        Description = "Teach this classifier's answers to the training images in place of their labels: a run's folder, or a "
            + "classifier.safetensors. Labels are then not smoothed",
        HelpName = "CLASSIFIER",
    };
    private static readonly WordOption<Role> TrainRole = new("--role", "Whose images of the split to train on", Role.Generator,
        Role.Generator, Role.Judge);
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Root seed of the split, the weights, the order and the augmentation",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };
    private static readonly ReadingOptions Reading = new(size: false);

    public static Command Create() => Reading.AddTo(new Command("train", """
        Train a classifier on labelled images; the best epoch is chosen on the validation part.

        Examples:
          understudy classify train faces.zip --out runs/judge --recipe a
          understudy classify train faces.zip --out runs/resnet --arch resnet18-48 --split split.csv --set mixup=0.2
          understudy classify train faces.zip --out runs/tuned --arch resnet50 --weights resnet50-0676ba61.pth
          understudy classify train faces.zip --out runs/better --recipe b --teacher runs/judge
          understudy classify train new.zip --out runs/b --arch recipe-a --weights runs/judge/classifier.safetensors
        """)
    {
        Data, Out, Recipe, Arch, Weights, Normalise, Frozen, Features, LayerDecay, Fresh, Surplus, Epochs, Steps, Size, Batch,
        Rate, Optimiser,
        Number, Set, SplitPath, SelectionPath, TeacherPath, TrainRole, Seed,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var start = Start(a);
        var teacher = a.GetValue(TeacherPath) is { } given ? new Teacher(given) : null;
        if (teacher is not null && a.GetValue(SelectionPath) is not null)
            throw new OptionException("--teacher and --selection: each says what images are taught as; give one");
        var options = Options(a, start);
        var (seed, folder) = (a.GetValue(Seed), a.GetValue(Out)!);
        // A side asked for is also what differing files are brought to; else they must be alike.
        var set = ImageSources.Read(a.GetValue(Data)!, Reading.From(a, a.GetValue(Size)), session.Terminal);
        var split = a.GetValue(SplitPath) is { } path ? Split.Load(path) : MakeSplit(set, seed, session.Terminal);
        var splitFile = Path.Combine(folder, ClassifierPath.SplitFile);
        if (File.Exists(splitFile) && Split.Load(splitFile).Hash != split.Hash)
        {
            throw new OptionException($"{splitFile} is another split; give it as --split to go on with that run, "
                + "or choose another folder with --out");
        }

        var role = TrainRole.In(a);
        var images = split.RequiredIndices(set, role);
        var validation = set.Subset(split.Indices(set, Role.Validation));
        string[] tested = [.. split.Indices(set, Role.Test).Select(i => set.Ids[i])];
        if (start is not null) ClassifierPath.WarnOfSeen($"the weights in {start.Path}", start.Seen(), tested, session.Terminal);
        teacher?.WarnOfSeen(tested, validation.Ids, session.Terminal);
        var selection = a.GetValue(SelectionPath) is { } taught ? Taught(taught, set, split, role, session.Terminal)
            : Selection.Of(ClassifierPath.Source, set, images);
        var sets = new Dictionary<string, ImageSet> { [ClassifierPath.Source] = set };
        var data = new ClassifierData(selection, sets, validation, split.Hash) { TeacherHasSeen = teacher?.Seen };
        if (teacher is not null)
        {
            // What cannot be learnt need not be answered first.
            data.Validate();
            selection = teacher.Answers([.. selection.Rows.Select(r => r.Id)], set.Classes, () => Shown(teacher, set, session),
                folder, session.Terminal, session.Cancel);
            data = data with { Selection = selection };
        }
        session.Terminal.Say($"{options.Arch}: {selection.Rows.Count} training images, {validation.Count} validation images, "
            + $"{set.Classes.Count} classes");
        var result = ClassifierTrainer.Train(options, data, folder, seed, session.Terminal, session.Cancel, start,
            // The split stands beside the classifier, so that a test finds the images it may use.
            begun: () =>
            {
                split.Save(splitFile);
                if (teacher is not null) selection.Save(Path.Combine(folder, ClassifierTrainer.TaughtName));
            });
        session.Output.WriteLine(FormattableString.Invariant(
            $"best epoch {result.Best.Epoch} of {result.Curve.Count}: validation accuracy {result.Best.ValidationAccuracy:0.0000}, NLL {result.Best.ValidationNll:0.0000}"));
        if (options.Calibrate)
            session.Output.WriteLine(
                FormattableString.Invariant(
                    $"temperature {TrainedClassifier.ReadAbout(result.File).Temperature:0.000}, fitted to the validation images"));
        session.Output.WriteLine(result.File);
        return CommandLine.Done;
    }

    /// <summary>The images as the teacher takes them: read anew where the student's are smaller, or of another colour.</summary>
    private static ImageSet Shown(Teacher teacher, ImageSet set, Session session)
    {
        var (side, channels) = teacher.Takes;
        return set.Shape.Channels == channels && (session.Arguments.GetValue(Size) is not { } asked || asked == side) ? set
            : ImageSources.Read(session.Arguments.GetValue(Data)!,
                Reading.From(session.Arguments, side) with { Channels = channels }, session.Terminal);
    }

    /// <summary>
    /// The usual shares, which are not this verb's to change. Copies of a picture stay together, unless the set's own validation
    /// and test parts leave one role only.
    /// </summary>
    private static Split MakeSplit(ImageSet set, ulong seed, ProgressSink progress)
    {
        string[]? groups = null;
        if (!Splitter.FilledByPart(set, Role.Validation) || !Splitter.FilledByPart(set, Role.Test))
        {
            var copies = Duplicates.Find(set, progress: progress);
            if (copies.Clusters.Sum(c => c.Length) is > 0 and var count)
                progress.Say($"split: {count} images are copies of others; copies stay together");
            groups = copies.SplitGroups(set);
        }
        try
        {
            return Splitter.Make(set, new SplitOptions(seed), groups);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{Human.Count(set.Count, "image")}: too few for the usual split into training, "
                + "validation and test; give more, or a split of your own with --split (see: understudy data split --help)", e);
        }
    }

    /// <summary>The rows of a selection whose images are there to be trained on: what chooses or tests is not taught.</summary>
    private static Selection Taught(string path, ImageSet set, Split split, Role role, ProgressSink progress)
    {
        var all = Selection.Load(path, set.Classes);
        foreach (var row in all.Rows)
        {
            if (row.Source != ClassifierPath.Source || set.IndexOf(row.Id) < 0)
            {
                throw new OptionException($"--selection: {path} names the image '{row.Id}' of '{row.Source}'; "
                    + $"it has to be one of DATA, and its source '{ClassifierPath.Source}'");
            }
        }
        List<SelectedImage> rows = [.. all.Rows.Where(r => split[r.Id] == role)];
        if (all.Rows.Count - rows.Count is > 0 and var left)
        {
            progress.Say($"{path}: {left} of {all.Rows.Count} rows are left out: their images have another role than "
                + role.Word());
        }
        return new(set.Classes, rows);
    }

    private static ClassifierStart? Start(ParseResult a)
    {
        if (a.GetValue(Weights) is { } path)
        {
            path = ClassifierStart.Within(path);
            if (!File.Exists(path))
                throw new OptionException($"--weights: {path} is no file; docs/guide/weights.md says which to download");
            if (a.GetValue(Features) is not null && !a.GetValue(Frozen))
                throw new OptionException("--features: only --frozen stores features; give it too, or leave --features out");
            var (fresh, surplus) = (a.GetValue(Fresh) ?? [], a.GetValue(Surplus) ?? []);
            return new(path, fresh.Length + surplus.Length > 0 ? new(fresh, surplus) : null, a.GetValue(Features));
        }
        foreach (var (given, name) in new[]
        {
            (a.GetValue(Frozen), "--frozen"), (a.GetValue(Features) is not null, "--features"),
            (a.GetValue(Fresh) is { Length: > 0 }, "--fresh"),
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
        {
            throw new OptionException("--recipe and --arch: give one; a recipe is a network with its training, --arch a network "
                + "with default training");
        }
        if (start is not null && a.GetValue(Recipe) is { } recipe)
        {
            throw new OptionException($"--recipe {recipe}: is a training from random weights; with --weights give its network, "
                + $"--arch {ClassifierOptions.Recipe(recipe).Arch}, and change the training for them by options");
        }
        var normalise = Normalise.Given(a) ?? start?.Normalise() ?? Normalisation.None;
        var o = Base(a, start, normalise) with { Normalise = normalise };
        var optimiser = Optimiser.Given(a) ?? o.Optimiser;
        // Another optimiser brings its own rate and decay along: SGD's decay is multiplied by its rate and grows by momentum.
        var (usualRate, usualDecay) = optimiser == o.Optimiser ? (o.PeakRate, o.WeightDecay)
            : optimiser == ClassifierOptimiser.AdamW ? (.002, .05) : (start is null ? .1 : .01, 5e-4);
        o = o.AtSize(a.GetValue(Size) ?? o.Size) with
        {
            Epochs = a.GetValue(Epochs) ?? o.Epochs,
            Steps = a.GetValue(Steps) ?? o.Steps,
            Batch = a.GetValue(Batch) ?? o.Batch,
            Optimiser = optimiser,
            Precision = Number.Given(a) ?? Precision.Auto,
            PeakRate = a.GetValue(Rate) ?? usualRate,
            WeightDecay = usualDecay,
            LayerDecay = a.GetValue(LayerDecay) ?? o.LayerDecay,
            // A teacher's probabilities are smooth.
            LabelSmoothing = a.GetValue(TeacherPath) is null ? o.LabelSmoothing : 0,
        };
        o = OptionSetter.Apply(o, a.GetValue(Set)!);
        o.Validate();
        return o;
    }

    /// <summary>What is changed: a recipe's training, a network's default one, or one that goes on from weights.</summary>
    private static ClassifierOptions Base(ParseResult a, ClassifierStart? start, Normalisation normalise)
    {
        var arch = a.GetValue(Arch);
        if (start is null && arch is null) return ClassifierOptions.Recipe(a.GetValue(Recipe) ?? "screening");
        if (arch is null) throw new OptionException("--weights: name the network that they are of with --arch");
        return start is null ? ClassifierOptions.For(arch)
            : a.GetValue(Frozen) ? ClassifierOptions.FrozenFeatures(arch, normalise)
            : ClassifierOptions.FineTune(arch, normalise);
    }
}
