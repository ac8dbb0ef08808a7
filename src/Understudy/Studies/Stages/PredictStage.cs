using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Training.Classification;

namespace Understudy.Studies.Stages;

internal sealed record PredictStageOptions(Role Test);

/// <summary>Tests a classifier on real images that neither trained nor chose it.</summary>
internal sealed class PredictStage() : StageKind(Kind, 1, child: true)
{
    public const string Kind = "predict";

    public const string File = Predictions.FileName;

    public override void Run(StageContext stage)
    {
        StageThreads.Use(stage.Threads);
        var real = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        var role = stage.Options<PredictStageOptions>().Test;
        var test = split.Indices(real, role);
        if (test.Length == 0) throw new InvalidDataException($"no image has the role {role.Word()}; give it a share in split");
        var classifier = stage.Input(StageInputs.Classifier, ClassifierStage.File);
        if (TrainedClassifier.ReadAbout(classifier).SplitHash is var trained && trained != split.Hash)
            throw new InvalidDataException($"{classifier}: was trained under the split {trained[..8]}, this study has "
                + $"{split.Hash[..8]}: its test images may be among its training images");
        ClassifierPredictor.Predict(classifier, real.Subset(test), stage.Progress, stage.Cancel).Save(stage.Output(File));
    }
}
