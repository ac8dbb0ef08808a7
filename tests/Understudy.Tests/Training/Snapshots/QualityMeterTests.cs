using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation.Fidelity;
using Understudy.Tests.Studies;
using Understudy.Training;
using Understudy.Training.Augmentation;

namespace Understudy.Tests.Training;

/// <summary>Sets whose classes are too small to be measured by themselves: together they decide, and show a collapse.</summary>
[Collection("torch")]
public sealed class QualityMeterTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Measure_EightyClasses_DecidesAndAlarmsOverAllTogether()
    {
        // Of 1,400 images that are looked at each class has 17.
        var set = TwoTones.Draw(2400, classes: 80);
        using var judge = new Judge(TinyJudge.Write(_temp["judge.safetensors"], set.Classes));
        var meter = Meter(set, judge);
        var (random, alarm) = (new KeyedRandom(4), new DivergenceAlarm(new()));
        var sound = meter.Measure(Like(set));
        byte[] Noise() => [.. Enumerable.Range(0, set.Shape.Size).Select(_ => (byte)random.Next(256))];
        var noise = meter.Measure((labels, _) => [.. labels.Select(_ => Noise())]);

        Assert.Equal("no class has 20 of the 1,360 images that a snapshot is measured by: the best is chosen, and a collapse "
            + "noticed, over all classes together", meter.Note);
        Assert.All(sound.Classes, c => Assert.Null(c.Fidelity.Fd));
        Assert.Equal((1360, sound.Judged!.Pooled!.Fd), (sound.Pooled!.Reals, sound.Deciding));
        Assert.NotNull(sound.Deciding);
        Assert.Equal(sound.Pooled.Fd, sound.Fd);
        Assert.True(noise.Fd > sound.Fd);
        Assert.Equal(sound.Fd, sound.Values().Single(v => v.Name == "fd/all classes").Value);
        Assert.Equal(sound.Deciding, sound.Values().Single(v => v.Name == "judge/fd/all classes").Value);
        alarm.RequireVariety(20_000, sound);
        var e = Assert.Throws<TrainingDivergedException>(() => alarm.RequireVariety(20_000, noise));
        Assert.StartsWith("the generator collapsed after 20,000 images: its images come near", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_MoreClassesThanImagesLookedAt_TakesThemAsOne()
    {
        var set = TwoTones.Draw(1500, classes: 1500);
        var quality = Meter(set).Measure(Like(set));
        Assert.Equal((Quality.PoolName, 1400), (quality.Classes.Single().Name, quality.Classes[0].Fidelity.Reals));
        Assert.NotNull(quality.Deciding);
        Assert.Equal(["fd", "coverage", "spread"], quality.Values().Select(v => v.Name));
    }

    [Fact]
    public void Measure_FifteenClasses_DecidesByEachAndWatchesAllTogether()
    {
        var set = TwoTones.Draw(600, classes: 15);
        var meter = Meter(set);
        var quality = meter.Measure(Like(set));
        Assert.StartsWith("no class has 100 of the 600 images", meter.Note, StringComparison.Ordinal);
        Assert.Equal(quality.Classes.Average(c => c.Fidelity.Fd!.Value), quality.Deciding!.Value, 12);
        Assert.Equal((Quality.PoolName, 600), (quality.Groups[^1].Name, quality.Groups[^1].Fidelity.Reals));
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(256, null)]
    [InlineData(16, "16 real images are too few to rank snapshots by, 20 are needed: there will be no best.safetensors")]
    public void Measure_TwoClasses_AreMeasuredByThemselves(int images, string? note)
    {
        var set = TwoTones.Draw(images);
        var meter = Meter(set);
        var quality = meter.Measure(Like(set));
        Assert.Equal((note, note is null), (meter.Note, quality.Deciding is not null));
        if (note is null) Assert.Same(quality.Classes, quality.Groups);
    }

    [Fact]
    public void Observe_AllClassesTogetherLoseTheirVariety_IsSaid()
    {
        var trend = new VarietyTrend(new());
        string? After(double kimg, double coverage) =>
            trend.Observe(kimg, new([("few", new(1, .9, 1, 40))], Pooled: new QuickFidelity(1, coverage, 1, 600)));
        Assert.Null(After(20, .9));
        Assert.Null(After(40, .3));
        Assert.Contains("images of 'all classes' come near 30 % of the real ones, it was 90 %", After(60, .3),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Train_EightyClasses_SaysSoAndKeepsABest()
    {
        var options = TinyGan.Smallest with { Kimg = .008, EmaKimg = .02, Augment = AugmentKind.None, SnapshotKimg = .008 };
        var said = new CollectedProgress();
        GanTrainer.Train(TwoTones.Draw(2400, classes: 80), options, _temp["run"], 1, said, default);
        Assert.Contains(said.Lines, l => l.StartsWith("no class has 20", StringComparison.Ordinal));
        Assert.Equal(8, GeneratorFile.ReadCard(Path.Combine(_temp["run"], GeneratorFile.BestName)).Images);
        var tick = Assert.Single(RunDirectory.ReadStats(Path.Combine(_temp["run"], "stats.jsonl")));
        Assert.Equal(tick["quality/fd"], tick["quality/fd/all classes"]);
    }

    [Fact]
    public void Train_ClassesWithoutImages_AreNamed()
    {
        var two = TwoTones.Draw(16);
        ClassNames more = new(["tone 0", "tone 1", "fear", .. Enumerable.Range(1, 6).Select(i => $"none {i}")]);
        var set = new ImageSet(more, two.Shape, [.. two.Ids], [.. two.Labels], two.Pixels.ToArray());
        var options = TinyGan.Smallest with { Kimg = .004, EmaKimg = .02, Augment = AugmentKind.None };
        string[] Warnings(ImageSet data, string run, GanTrainingOptions o)
        {
            var said = new CollectedProgress();
            GanTrainer.Train(data, o, _temp[run], 1, said, default);
            return [.. said.Lines.Where(l => l.Contains("no image of", StringComparison.Ordinal))];
        }
        Assert.Equal("warning: there is no image of 'fear', 'none 1', 'none 2', 'none 3', 'none 4' and 2 other classes: "
            + "the generator does not learn what it is to show there; give images of every class, or a set without these",
            Assert.Single(Warnings(set, "some", options)));
        Assert.Empty(Warnings(two, "all", options));
        Assert.Empty(Warnings(set, "none", options with { Condition = Condition.None }));
    }

    private static QualityMeter Meter(ImageSet set, Judge? judge = null) =>
        new(set, TinyGan.Smallest.Resolve(set.Shape, set.Classes.Count), new Keys(1), judge);

    /// <summary>As a generator that has learned the set by heart.</summary>
    private static Func<int[], int, List<byte[]>> Like(ImageSet set)
    {
        var byLabel = Enumerable.Range(0, set.Count).ToLookup(i => set.Labels[i], i => set[i].ToArray());
        return (labels, _) => [.. labels.Select((label, i) => byLabel[label].ElementAt(i % byLabel[label].Count()))];
    }
}
