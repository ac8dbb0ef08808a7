using Understudy.Common;
using Understudy.Training;
using Understudy.Training.Augmentation;
using Understudy.Training.Phases;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

/// <summary>Path length and the gradient penalty that are no numbers, which the other losses do not show.</summary>
[Collection("torch")]
public sealed class LazyTermAlarmTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static GanTrainingOptions Tiny { get; } =
        TinyGan.Smallest with { PathLengthInterval = 1, Augment = AugmentKind.None };

    /// <summary>A mean that a 32-bit number does not hold leads to a length that is none: it is seen, and not kept.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    public void Step_MeanPathLengthIsNoNumber_IsSeenAtOnce(double mean)
    {
        using var scope = NewDisposeScope();
        using var session = Session();
        var path = _folder["state.safetensors"];
        session.State.Write(path, 0, new Dictionary<string, string>());
        Assert.Equal(0, MeanIn(path));
        Rewrite(path, mean);
        session.State.Read(path);

        var e = Assert.Throws<TrainingDivergedException>(session.Step);

        Assert.Contains("the loss 'path length' is ", e.Message, StringComparison.Ordinal);
        session.State.Write(path, 1, new Dictionary<string, string>());
        Assert.Equal(mean, MeanIn(path));
    }

    /// <summary>
    /// Where w does not reach the images, paths have length 0, and the root no derivative; a discriminator that is silent leaves
    /// it so.
    /// </summary>
    [Fact]
    public void Step_PathsWithoutAGradientTwentyTimes_RaiseTheAlarm()
    {
        using var scope = NewDisposeScope();
        using var session = Session();
        void Step()
        {
            Silence(session.Live, n => n.EndsWith("affine.weight", StringComparison.Ordinal));
            Silence(session.Discriminator, n => n.StartsWith("b4.out.", StringComparison.Ordinal));
            session.Step();
        }
        for (int i = 0; i < 19; i++) Step();
        var e = Assert.Throws<TrainingDivergedException>(Step);
        Assert.Contains("the gradient of 'path length' was no number 20 times in a row", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Watch_LazyTerms_CountEachByItself()
    {
        var alarm = new DivergenceAlarm(new());
        void Watch(string name, double loss, double norm, int times = 1)
        {
            for (int i = 0; i < times; i++) alarm.Watch(1000, new LazyTerm(name, loss, norm));
        }
        Watch("gradient penalty", 1e6, 1);                                                  // large is no fault
        Watch("gradient penalty", 1, double.NaN, times: 19);
        Watch("path length", 1, double.PositiveInfinity, times: 19);
        alarm.Watch(1000, null);
        Watch("path length", 1, 1);
        Watch("path length", 1, double.NaN, times: 19);
        AssertFault("'gradient penalty' was no number 20 times", () => Watch("gradient penalty", 1, double.NaN));
        alarm.Reset();
        Watch("gradient penalty", 1, double.NaN, times: 19);
        AssertFault("the loss 'gradient penalty' is", () => Watch("gradient penalty", double.PositiveInfinity, 1));

        static void AssertFault(string says, Action act) =>
            Assert.Contains(says, Assert.Throws<TrainingDivergedException>(act).Message, StringComparison.Ordinal);
    }

    private static GanSession Session()
    {
        var data = TwoTones.Draw();
        return new(data, Tiny.Resolve(data.Shape, 2), 1);
    }

    private static void Silence(nn.Module network, Func<string, bool> chosen)
    {
        using var off = no_grad();
        foreach (var (name, p) in network.named_parameters())
        {
            if (chosen(name)) p.fill_(0);
        }
    }

    private static double MeanIn(string path) => Scalars(SafetensorsFile.Read(path))["path_length_mean:"];

    private static SortedDictionary<string, double> Scalars(SafetensorsContent content) =>
        StrictJson.Read<SortedDictionary<string, double>>(content.Metadata["scalars"], "scalars");

    /// <summary>The same checkpoint with another mean, sound by its digest.</summary>
    private static void Rewrite(string path, double mean)
    {
        var content = SafetensorsFile.Read(path);
        var scalars = Scalars(content);
        scalars["path_length_mean:"] = mean;
        var metadata = new Dictionary<string, string>(content.Metadata, StringComparer.Ordinal)
        {
            ["scalars"] = StrictJson.WriteLine(scalars),
        };
        metadata["digest"] = TrainingState.Digest(metadata, content.Entries.Select(e => (e.Key, e.Value.Data)));
        SafetensorsFile.Write(path, metadata, content.Entries.Select(e => (e.Key, e.Value.Dtype, e.Value.Shape, e.Value.Data)));
    }

    public void Dispose() => _folder.Dispose();
}
