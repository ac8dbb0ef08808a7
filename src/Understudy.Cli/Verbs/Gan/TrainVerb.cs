using System.CommandLine;
using Understudy.Cli.Verbs.Classify;
using Understudy.Cli.Verbs.Options;
using Understudy.Common;
using Understudy.Data;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan train</c>: labelled images to a run folder with a generator in it.</summary>
internal static class TrainVerb
{
    private static readonly Argument<string> Data = ReadingOptions.Images("DATA");
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The run's folder; called again on it, training goes on where it stopped",
        Required = true,
        HelpName = "DIR",
    };
    private static readonly Option<string> Preset = new("--preset")
    {
        Description = $"{string.Join(", ", GanTrainingOptions.Presets)}: one recipe for processors in three widths, "
            + "and the paper's",
        DefaultValueFactory = _ => GanTrainingOptions.Presets[0],
        HelpName = "NAME",
    };
    private static readonly Option<double?> Kimg = new("--kimg")
    {
        Description = "Stop after so many thousand images [default: the preset's, or none with --minutes]",
        HelpName = "KIMG",
    };
    private static readonly Option<double?> Minutes = new("--minutes")
    {
        Description = "Stop after so many minutes, with everything written",
        HelpName = "M",
    };
    private static readonly Option<string?> SplitPath = new("--split")
    {
        Description = "A split.csv; only images of --role are trained on [default: all images]",
        HelpName = "split.csv",
    };
    private static readonly WordsOption<Role> Roles =
        new("--role", "ROLE", "Whose images of the split to train on", [Role.Generator]);
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Root seed of everything that is drawn",
        DefaultValueFactory = _ => 0,
        HelpName = "N",
    };
    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Any other option, such as gamma=0.5 or augment=flip; may be given again (docs/guide/training-a-generator.md)",
        DefaultValueFactory = _ => [],
        HelpName = "KEY=VALUE",
    };
    private static readonly Option<string?> From = new("--from")
    {
        Description = "Start from another run's networks: its folder, a checkpoint, or a generator.safetensors; what fits "
            + "is taken, and listed",
        HelpName = "RUN",
    };
    private static readonly Option<string?> Judge = new("--judge")
    {
        Description = $"A {ClassifierTrainer.FileName}, or the folder of a classify train: snapshots are measured in its "
            + "features too, and the best is chosen by them",
        HelpName = "CLASSIFIER",
    };
    private static readonly Option<bool> DryRun = new("--dry-run", "-n") { Description = "Print the resolved options and stop" };
    private static readonly ReadingOptions Reading = new();

    public static Command Create() => Reading.AddTo(new Command("train", """
        Train a generator on labelled images.

        The folder gets checkpoints, class-sorted sheets, stats.jsonl, TensorBoard events and generator.safetensors, all
        as it goes. Ctrl-C ends with a checkpoint. Images are squares of 8, 16, 32, 64 … or 12, 24, 48 … pixels a side:
        --size brings others to that.

        Examples:
          understudy gan train faces.zip --out runs/faces --minutes 60
          understudy gan train faces/ --out runs/faces --preset cpu-small --size 48 --channels 1 --kimg 500
          understudy gan train faces.zip --out runs/faces --split split.csv --set augment=bgc --set ada_target=0.6
          understudy gan train few.zip --out runs/few --from runs/faces --set frozen_blocks=2 --set ema_ramp=0
          understudy gan train faces.zip --out runs/faces --split split.csv --judge runs/judge
        """)
    {
        Data, Out, Preset, Kimg, Minutes, SplitPath, Roles, Seed, Set, From, Judge, DryRun,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var (minutes, folder) = (a.GetValue(Minutes), a.GetValue(Out)!);
        if (minutes is { } m) OptionException.RequireRange("minutes", m, 0.01, 1e6);
        var options = GanTrainingOptions.Preset(a.GetValue(Preset)!);
        var end = minutes is null ? options.Kimg : GanRun.IsIn(folder) ? EndByMinutes(GanRun.Load(folder), folder) : Endless;
        options = options with { Kimg = a.GetValue(Kimg) ?? end };
        options = OptionSetter.Apply(options, a.GetValue(Set)!).Validate();
        var split = a.GetValue(SplitPath) is { } path ? Split.Load(path) : null;
        if (split is null && a.GetResult(Roles) is { Implicit: false })
            throw new OptionException("--role: is about the images of a split; give one with --split");
        var source = GanSource.Of(a.GetValue(Data)!, Reading.From(a), split is null ? [] : Roles.In(a));
        var judge = a.GetValue(Judge) is { } given ? ClassifierPath.Resolve(given) : null;
        var set = source.Read(split, session.Terminal);
        if (judge is not null) JudgeFile.Require(judge, set);
        var resolved = options.Resolve(set.Shape, set.Classes.Count);
        if (a.GetValue(DryRun))
        {
            foreach (var warning in resolved.Warnings()) session.Terminal.Say($"warning: {warning}");
            session.Output.Write(StrictJson.Write(resolved));
            return CommandLine.Done;
        }
        session.Terminal.Say($"{set.Count} images of {set.Shape}, {set.Classes.Count} classes: {string.Join(", ", set.Classes)}"
            + (split is null ? "; all are trained on: give --split to keep some for testing" : ""));
        var from = a.GetValue(From) is { } other ? TransferSource.Of(other) : null;
        if (judge is not null) session.Terminal.Say(About(judge));
        return Train(session, set, options, folder, a.GetValue(Seed), split?.Hash ?? "", minutes,
            () => source.Save(folder, split), from, judge);
    }

    private static string About(string judge)
    {
        var about = TrainedClassifier.ReadAbout(judge);
        return FormattableString.Invariant(
            $"judge: {about.Options.Arch} of {judge}, {100 * about.Best.ValidationAccuracy:0.0} % of its validation images right; ")
            + "the best snapshot is that of the least FD in its features";
    }

    /// <summary>Thousands of images that no training comes to: more than any machine here will ever show.</summary>
    internal const double Endless = 1e6;

    /// <summary>
    /// Where a run that goes on for some minutes would end, in thousands of images: where it was to end, unless it has come
    /// there.
    /// </summary>
    internal static double EndByMinutes(GanRun run, string folder)
    {
        var options = run.Options;
        var shown = new Checkpoints(Path.Combine(folder, RunDirectory.CheckpointsName)).All
            .Select(c => c.Step).FirstOrDefault() * options.Batch;
        return shown < options.Kimg * 1000 ? options.Kimg : Endless;
    }

    /// <summary>Trains, and says where the generator is or how to go on.</summary>
    /// <param name="accepted">Writes what else the folder is to hold, once it is sure that this run is its own.</param>
    internal static int Train(Session session, ImageSet set, GanTrainingOptions options, string folder, ulong seed, string split,
        double? minutes, Action accepted, TransferSource? from, string? judge)
    {
        var resume = Failure.CommandText(["gan", "resume", folder]);
        GanResult result;
        var begun = false;
        try
        {
            result = GanTrainer.Train(set, options, folder, seed, session.Terminal, session.Cancel, split,
                minutes is { } m ? TimeSpan.FromMinutes(m) : null, from, judge, () =>
                {
                    begun = true;
                    accepted();
                });
        }
        catch (IOException e) when (begun && new Checkpoints(Path.Combine(folder, RunDirectory.CheckpointsName)).All.Count > 0)
        {
            throw new IOException($"{e.Message}; then go on from the last checkpoint with: {resume}", e);
        }
        session.Output.WriteLine(FormattableString.Invariant($"{result.Images / 1000.0:0.###} kimg: {result.GeneratorPath}"));
        if (!result.Complete) session.Terminal.Say($"time is up; go on with: {resume}");
        return CommandLine.Done;
    }
}
