using Understudy.Common;
using Understudy.Networks;
using Understudy.Training.Classification;

namespace Understudy.Studies.Stages;

/// <param name="Content">SHA-256 of the file at the stage's location.</param>
/// <param name="Allowed">How it may differ from the network it is loaded into; null: as a variant is known to.</param>
internal sealed record WeightsStageOptions(string Content, WeightsFit? Allowed);

/// <summary>
/// Takes a file of weights learnt elsewhere into the study: every classifier that starts from it reads this copy, and frozen ones
/// keep the features of their images beside it, so that arms and seeds compute those of equal images once.
/// </summary>
internal sealed class WeightsStage() : StageKind(Kind, 1)
{
    public const string Kind = "weights", File = "weights";

    private const string Features = "features";

    public override void Run(StageContext stage)
    {
        // They may be of anybody's faces, and features of real images will stand beside them.
        stage.Restrict();
        var copy = stage.Output(File);
        using (var from = System.IO.File.OpenRead(stage.Location!)) AtomicFile.Write(copy, from.CopyTo);
        if (Fingerprint.OfFile(copy) != stage.Options<WeightsStageOptions>().Content)
            throw new InvalidDataException($"{stage.Location}: was changed while the study ran; run it again");
    }

    /// <summary>What a stage's classifier starts from, or null for random weights.</summary>
    public static ClassifierStart? StartOf(StageContext stage) =>
        stage.Finished().FirstOrDefault(s => s.Name == StageInputs.Weights) is not { } weights ? null
            : new(weights.File(File), weights.Stage.Read<WeightsStageOptions>().Allowed, weights.File(Features));
}
