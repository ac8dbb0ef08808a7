using Understudy.Common;
using Understudy.Data;
using Understudy.Training;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class ToyFacesTrainingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A tiny generator of drawn faces after 12 kimg: its images come near .48 of the real ones, by class .36 to .68, where this
    /// was measured. An untrained one comes near none of any class.
    /// </summary>
    [Fact]
    public void Train_DrawnFaces_EveryClassIsCovered()
    {
        var faces = ToyFaces.Draw(new ToyFacesOptions(1400, 0, 16, Noise: 0)).Set;
        var options = GanTrainingOptions.Preset("cpu-tiny") with
        {
            Kimg = 12,
            ZDim = 16,
            WDim = 32,
            ChannelBase = 256,
            ChannelMax = 16,
            TickKimg = 4,
            SnapshotKimg = 4,
        };
        GanTrainer.Train(faces, options, _folder["run"], 1, ProgressSink.None, default);
        var last = RunDirectory.ReadStats(Path.Combine(_folder["run"], RunDirectory.StatsName)).Last();
        Assert.True(last["quality/coverage"] > .3, $"{last["quality/coverage"]}");
        Assert.All(faces.Classes, c => Assert.True(last[$"quality/coverage/{c}"] > .12, $"{c}: {last[$"quality/coverage/{c}"]}"));
        Assert.False(File.Exists(Path.Combine(_folder["run"], "incidents.jsonl")));
    }
}
