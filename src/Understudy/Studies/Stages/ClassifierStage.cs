using Understudy.Data;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Studies.Stages;

/// <summary>Trains a classifier on a selection; the best epoch is chosen on the real validation images.</summary>
internal sealed class ClassifierStage() : StageKind(Kind, 4, child: true, resumes: true)
{
    public const string Kind = "classifier";

    public const string Folder = "run", File = Folder + "/" + ClassifierTrainer.FileName,
        Stats = Folder + "/" + RunDirectory.StatsName, Checkpoints = Folder + "/" + RunDirectory.CheckpointsName;

    public override void Run(StageContext stage)
    {
        StageThreads.Use(stage.Threads);
        var real = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        var sets = new Dictionary<string, ImageSet>(StringComparer.Ordinal) { [TrainingPart.Real] = real };
        const string set = StageInputs.Set + " ";
        foreach (var input in stage.Inputs(set))
            sets[input[set.Length..]] = ImageSetFile.Load(stage.Input(input, DataStage.Images));
        var selection = Selection.Load(stage.Input(StageInputs.Selection, SelectStage.File), real.Classes);
        var validation = real.Subset(split.Indices(real, Role.Validation));
        ClassifierTrainer.Train(stage.Options<ClassifierOptions>(), new(selection, sets, validation, split.Hash),
            stage.Output(Folder), stage.Seed,
            stage.Progress, stage.Cancel, WeightsStage.StartOf(stage));
        // What tests and reports read is in the classifier's own file; with many arms and seeds the checkpoints would fill the
        // disk.
        if (Directory.Exists(stage.Output(Checkpoints))) Directory.Delete(stage.Output(Checkpoints), recursive: true);
    }
}
