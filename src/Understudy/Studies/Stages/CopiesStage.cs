using Understudy.Common;
using Understudy.Data;

namespace Understudy.Studies.Stages;

internal sealed record CopiesStageOptions(Role Test, double Threshold);

/// <summary>Finds the test images whose copies are in another role, and those that show the same as each other.</summary>
internal sealed class CopiesStage() : StageKind(Kind, 1)
{
    public const string Kind = "copies";

    public const string File = "copies.csv", Clusters = "clusters.csv";

    public override void Run(StageContext stage)
    {
        var options = stage.Options<CopiesStageOptions>();
        var set = ImageSetFile.Load(stage.Input(StageInputs.Data, DataStage.Images));
        var split = Split.Load(stage.Input(StageInputs.Split, SplitStage.File));
        var copies = Copies.Find(set, [.. set.Ids.Select(id => split[id].Word())], options.Test.Word(), options.Threshold,
            stage.Progress);
        Save(stage.Output(File), "reason", copies.Reasons);
        Save(stage.Output(Clusters), "group", copies.Clusters);
    }

    private static void Save(string path, string column, IReadOnlyDictionary<string, string> rows) =>
        AtomicFile.WriteText(path, Csv.Row("id", column) + string.Concat(rows.Select(r => Csv.Row(r.Key, r.Value))));
}
