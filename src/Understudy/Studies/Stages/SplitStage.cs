using Understudy.Data;

namespace Understudy.Studies.Stages;

internal sealed record SplitStageOptions(SplitOptions Shares, bool KeepCopiesTogether);

/// <summary>Gives every image its role, once for the whole study.</summary>
internal sealed class SplitStage() : StageKind(Kind, 1)
{
    public const string Kind = "split";

    public const string File = Split.FileName;

    public override void Run(StageContext stage)
    {
        var options = stage.Options<SplitStageOptions>();
        var set = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        // Every study trains classifiers: not after hours of a generator's training.
        set.Classes.RequireSeveral();
        var groups = options.KeepCopiesTogether ? Duplicates.Find(set, progress: stage.Progress).SplitGroups(set) : null;
        Splitter.Make(set, options.Shares, groups).Save(stage.Output(File));
    }
}
