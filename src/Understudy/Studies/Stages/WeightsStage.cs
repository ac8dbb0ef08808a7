using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Studies.Doctor;
using Understudy.Training.Classification;

namespace Understudy.Studies.Stages;

/// <param name="Content">SHA-256 of the file at the stage's location.</param>
/// <param name="Seen">SHA-256 of what its run says that it has seen; null where there is no such word.</param>
/// <param name="Allowed">How it may differ from the network it is loaded into; null: as a variant is known to.</param>
/// <param name="Tested">The role of the study's test images, none of which it may have learned from.</param>
internal sealed record WeightsStageOptions(string Content, string? Seen, WeightsFit? Allowed, Role Tested);

/// <summary>
/// Takes a file of weights learnt elsewhere into the study: every classifier that starts from it reads this copy, and frozen ones
/// keep the features of their images beside it, so that arms and seeds compute those of equal images once.
/// </summary>
internal sealed class WeightsStage() : StageKind(Kind, 3)
{
    public const string Kind = "weights", File = "weights";

    private const string Features = "features";

    public override void Run(StageContext stage)
    {
        var (options, location) = (stage.Options<WeightsStageOptions>(), stage.Location!);
        // They may be of anybody's faces, and features of real images will stand beside them.
        stage.Restrict();
        if (options.Seen is { } content)
        {
            var start = new ClassifierStart(location);
            InputContent.RequireUnchanged(start.SeenFile() ?? throw InputContent.Changed(location), content);
            var seen = start.Seen()!;
            RequireUnseen(stage, seen);
            seen.Save(stage.Output(""));
        }
        var copy = stage.Output(File);
        using (var from = System.IO.File.OpenRead(location)) AtomicFile.Write(copy, from.CopyTo);
        if (Fingerprint.OfFile(copy) != options.Content) throw InputContent.Changed(location);
    }

    /// <summary>Refuses a start that has seen the study's test images: what comes of it could not be tested on them.</summary>
    private static void RequireUnseen(StageContext stage, SeenImages images)
    {
        var real = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        string[] tested = [.. split.Indices(real, stage.Options<WeightsStageOptions>().Tested).Select(i => real.Ids[i])];
        var (trained, chose) = images.CountIn(tested);
        if (trained + chose == 0) return;
        throw new OptionException($"{stage.Location}: {trained + chose} of the study's {tested.Length} test images have ids that trained or "
            + $"chose it ({SeenImages.FileName} beside it), and could not test it; train it without them, or, where other images have "
            + "those ids, give a copy of the file alone");
    }

    private static FinishedStage? Of(StageContext stage) => stage.Finished().FirstOrDefault(s => s.Name == StageInputs.Weights);

    /// <summary>What a stage's classifier starts from, or null for random weights.</summary>
    public static ClassifierStart? StartOf(StageContext stage) =>
        Of(stage) is not { } weights ? null
            : new(weights.File(File), weights.Stage.Read<WeightsStageOptions>().Allowed, weights.File(Features));
}
