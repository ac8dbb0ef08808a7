using Understudy.Data;

namespace Understudy.Studies.Kinds;

/// <summary>Gives every image its role, once for the whole study.</summary>
internal sealed class SplitStage() : StageKind("split", 1)
{
    public const string File = "split.csv";

    public override void Run(StageContext stage)
    {
        var set = ImageSetFile.Load(stage.Input("data", DataStage.Images));
        Splitter.Make(set, stage.Options<SplitOptions>()).Save(stage.Output(File));
    }
}
