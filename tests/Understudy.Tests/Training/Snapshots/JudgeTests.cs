using Understudy.Common;
using Understudy.Data;
using Understudy.Tests.Training.Classification;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training;

/// <summary>A judge that was trained on drawn faces looks at other drawn faces, at the wrong ones, and at noise.</summary>
[Collection("torch")]
public sealed class JudgeTests : IDisposable
{
    /// <summary>Of the judge, not of the images.</summary>
    private const int Side = 24;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Measure_RealWrongAndNoise_TellsThemApart()
    {
        var data = Stripes.Data(Faces(700, 1), 630, 70);
        var options = ClassifierOptions.Recipe("screening") with
        {
            Size = Side,
            EarlySize = Side,
            Epochs = 8,
            Batch = 32,
            PeakRate = .05,
            Ema = .9
        };
        var file = ClassifierTrainer.Train(options, data, _temp["judge"], 1, ProgressSink.None, default).File;
        // What the judge looks at is resized to its own size, as its training images were.
        var (reals, others) = (Faces(560, 2), Faces(560, 3));
        using var judge = new Judge(file);
        var meter = new QualityMeter(reals, new GanTrainingOptions().Resolve(reals.Shape, 7), new Keys(1), judge);
        var random = new KeyedRandom(4);
        JudgedQuality Look(Func<int, int, byte[]> image) => meter.Measure((labels, _) => [.. labels.Select(image)]).Judged!;
        var byLabel = Enumerable.Range(0, others.Count).ToLookup(i => others.Labels[i], i => others[i].ToArray());
        byte[] Face(int label, int i) => byLabel[label].ElementAt(i);

        var own = Look(Face);
        var wrong = Look((label, i) => Face((label + 1) % 7, i));
        var noise = Look((_, _) => [.. Enumerable.Range(0, others.Shape.Size).Select(_ => (byte)random.Next(256))]);
        var one = Look((label, _) => Face(label, 0));

        Assert.Equal(Enumerable.Range(0, 7).Select(k => reals.Classes[k]), own.Classes.Select(c => c.Name));
        // Wide enough for another processor, whose last digits lead training elsewhere; a blind judge agrees with a seventh.
        Assert.InRange(own.Agreement!.Value, .6, 1);
        Assert.InRange(wrong.Agreement!.Value, 0, .2);
        Assert.InRange(own.Fd!.Value / wrong.Fd!.Value, 0, .2);
        Assert.InRange(own.Fd!.Value / noise.Fd!.Value, 0, .2);
        Assert.InRange(own.Coverage!.Value, .6, 1);
        Assert.InRange(noise.Coverage!.Value, 0, .1);
        Assert.InRange(one.Coverage!.Value, 0, .1);
    }

    [Fact]
    public void Measure_GeneratorWithoutClasses_HasNoneToAgreeOn()
    {
        var reals = TwoTones.Draw();
        using var judge = new Judge(TinyJudge.Write(_temp["judge.safetensors"], reals.Classes));
        var options = (TinyGan.Smallest with { Condition = Condition.None }).Resolve(reals.Shape, 2);
        var quality = new QualityMeter(reals, options, new Keys(1), judge)
            .Measure((labels, _) => [.. labels.Select((_, i) => reals[i].ToArray())]);
        Assert.Equal(["judge/fd", "judge/coverage"],
            quality.Values().Select(v => v.Name).Where(n => n.StartsWith("judge", StringComparison.Ordinal)));
        Assert.Null(quality.Judged!.Agreement);
    }

    [Fact]
    public void Deciding_WithAJudge_IsItsFdAndNeverThePixels()
    {
        (string, Understudy.Evaluation.Fidelity.QuickFidelity)[] pixels = [("a", new(2, 1, 1, 50)), ("b", new(4, 1, 1, 50))];
        Assert.Equal(3, new Quality(pixels).Deciding);
        Assert.Equal(8, new Quality(pixels, new([("a", new(7, 1, 1, 50), 1), ("b", new(9, 1, 1, 50), 1)])).Deciding);
        JudgedQuality few = new([("a", new(null, 1, 1, 9), .5)]);
        Assert.Null(new Quality(pixels, few).Deciding);
        Assert.Equal("judge agrees 50 %", $"{few}");
    }

    /// <summary>Easy ones: a judge of seconds is to know them.</summary>
    private static ImageSet Faces(int count, ulong seed) => ToyFaces.Draw(new(count, seed, 32, Noise: .1, Variety: .1)).Set;
}
