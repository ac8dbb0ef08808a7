using Understudy.Common;
using Understudy.Data;

namespace Understudy.Studies.Stages;

/// <param name="Content">Hash of the file of votes.</param>
internal sealed record VotesStageOptions(Role Test, VoteRule Votes, string Content);

/// <summary>The test images' labels by FER+ votes: id, label (empty where the votes give none), reason.</summary>
internal sealed class VotesStage() : StageKind(Kind, 1)
{
    public const string Kind = "votes";

    public const string File = "labels.csv";

    public override void Run(StageContext stage)
    {
        var set = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        var options = stage.Options<VotesStageOptions>();
        var ids = split.Indices(set, options.Test).Select(i => set.Ids[i]).ToList();
        var (labels, left) = FerPlusVotes.Load(stage.Location!).Label(ids, set.Classes, options.Votes);
        InputContent.RequireUnchanged(stage.Location!, options.Content);
        AtomicFile.WriteText(stage.Output(File), Csv.Row("id", "label", "reason")
            + string.Concat(ids.Select(id => Csv.Row(id, labels.GetValueOrDefault(id, ""), left.GetValueOrDefault(id, "")))));
    }
}
