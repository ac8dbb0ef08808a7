using Understudy.Data;
using Understudy.Training.Classification;

namespace Understudy.Studies.Kinds;

/// <summary>Trains a classifier on a selection; the best epoch is chosen on the real validation images.</summary>
internal sealed class ClassifierStage() : StageKind("classifier", 1, child: true, resumes: true)
{
    public const string Folder = "run", File = Folder + "/" + ClassifierTrainer.FileName, Stats = Folder + "/stats.jsonl";

    public override void Run(StageContext stage)
    {
        StageThreads.Use(stage.Threads);
        var real = ImageSetFile.Load(stage.Input("data", DataStage.Images));
        var split = Split.Load(stage.Input("split", SplitStage.File));
        var sets = new Dictionary<string, ImageSet>(StringComparer.Ordinal) { [TrainingPart.Real] = real };
        foreach (var input in stage.Inputs("set ")) sets[input["set ".Length..]] = ImageSetFile.Load(stage.Input(input, DataStage.Images));
        var selection = Selection.Load(stage.Input("selection", SelectStage.File), real.Classes);
        var validation = real.Subset(split.Indices(real, Role.Validation));
        ClassifierTrainer.Train(stage.Options<ClassifierOptions>(), new(selection, sets, validation, split.Hash), stage.Output(Folder), stage.Seed,
            stage.Progress, stage.Cancel);
    }
}
