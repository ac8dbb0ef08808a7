using Understudy.Common;
using Understudy.Data;
using Understudy.Training;

namespace Understudy.Studies.Stages;

/// <param name="Start">SHA-256 of the file at the stage's location, whose networks it starts from; null where there is
/// none.</param>
internal sealed record GeneratorStageOptions(int? Resolution, IReadOnlyList<Role> TrainOn, GanTrainingOptions Options,
    string? Start = null);

/// <summary>
/// Trains a generator on the real images of its roles, resized to its resolution; with a judge where the study names one.
/// </summary>
internal sealed class GeneratorStage() : StageKind(Kind, 6, child: true, resumes: true)
{
    public const string Kind = "generator";

    public const string Folder = "run", Stats = Folder + "/" + RunDirectory.StatsName, File = Folder + "/" + GeneratorFile.Name,
        Best = Folder + "/" + GeneratorFile.BestName;

    public override void Run(StageContext stage)
    {
        StageThreads.Use(stage.Threads);
        var options = stage.Options<GeneratorStageOptions>();
        if (options.Start is { } content) InputContent.RequireUnchanged(stage.Location!, content);
        // A start that lies elsewhere may have seen anybody's faces.
        if (!DataStage.IsDrawn(stage) || stage.Location is not null) stage.Restrict();
        var all = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        var real = Images(all, split, options);
        var judge = stage.Inputs(StageInputs.Judge).Any() ? stage.Input(StageInputs.Judge, ClassifierStage.File) : null;
        var start = stage.Inputs(StageInputs.Start).Any() ? stage.Input(StageInputs.Start, Folder) : stage.Location;
        GanTrainer.Train(real, options.Options, stage.Output(Folder), stage.Seed, stage.Progress, stage.Cancel, split.Hash,
            from: start is null ? null : TransferSource.Of(start), judge: judge);
    }

    /// <summary>What a generator learns: the images of its roles, in its size.</summary>
    /// <exception cref="InvalidDataException">No image has one of the roles.</exception>
    public static ImageSet Images(ImageSet all, Split split, GeneratorStageOptions options)
    {
        var real = all.Subset(split.Indices(all, [.. options.TrainOn]));
        if (real.Count == 0)
        {
            throw new InvalidDataException("no image has a role of "
                + $"[{string.Join(", ", options.TrainOn.Select(r => r.Word()))}]; give one of them a share in split");
        }
        return options.Resolution is { } r ? Resizer.Resize(real, r, r) : real;
    }
}
