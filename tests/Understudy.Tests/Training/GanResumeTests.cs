using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

/// <summary>Runs that are cut in two end as unbroken ones: other networks, bfloat16, colour, a start from another run.</summary>
[Collection("torch")]
public sealed class GanResumeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    /// <summary>Six steps of 8, a snapshot at the fourth.</summary>
    private static GanTrainingOptions Short { get; } = TinyGan.Smallest with
    {
        Kimg = 0.048,
        Batch = 8,
        ChannelBase = 256,
        R1Interval = 2,
        PathLengthInterval = 2,
        MixingProbability = 0.9,
        EmaKimg = 0.05,
        TickKimg = 0.016,
        SnapshotKimg = 0.032,
    };

    [Fact]
    public void Watch_UselessGradientsBeforeAndAfterACut_AreCountedTogether()
    {
        var data = TwoTones.Draw();
        using var scope = NewDisposeScope();
        using GanSession first = Session(), second = Session();
        static void Watch(GanSession session) => session.Alarm.Watch(8, [("generator", 0.5)], double.NaN);
        for (int i = 0; i < 19; i++) Watch(first);
        first.State.Write(_temp["state"], 1, new Dictionary<string, string>());
        second.State.Read(_temp["state"]);
        var e = Assert.Throws<TrainingDivergedException>(() => Watch(second));
        Assert.Contains("20 steps in a row", e.Message, StringComparison.Ordinal);

        GanSession Session() => new(data, Short.Resolve(data.Shape, 2), 1);
    }
}
