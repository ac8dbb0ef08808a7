using TorchSharp;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Training;
using Understudy.Training.Augmentation;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class ClassifierTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-classifier-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Folder(string name) => Path.Combine(_folder, name);

    private static ClassifierResult Train(string folder, ClassifierData data, ClassifierOptions? options = null,
        ProgressSink? progress = null,
        CancellationToken cancel = default) =>
            ClassifierTrainer.Train(options ?? Stripes.Options, data, folder, 1, progress ?? ProgressSink.None, cancel);

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Train_InterruptedAnywhere_EndsInTheSameBytes(Precision precision)
    {
        var data = Stripes.Data(Stripes.Draw(60), 44, 16);
        var options = Stripes.Options with { Precision = precision };
        var unbroken = Train(Folder("unbroken"), data, options);
        // Within the first epoch, within the second, and at the second's end.
        foreach (var after in new[] { 1, 2, 1 })
        {
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() =>
                Train(Folder("broken"), data, options, new CancelAfter(after, source), source.Token));
        }
        // A checkpoint that was damaged on the disk: the one before takes its place.
        var newest = Directory.GetFiles(Path.Combine(Folder("broken"), "checkpoints")).Order(StringComparer.Ordinal).Last();
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..^100]);
        var resumed = Train(Folder("broken"), data, options);

        Assert.Equal(File.ReadAllBytes(unbroken.File), File.ReadAllBytes(resumed.File));
        Assert.Equal(unbroken.Curve, resumed.Curve);
        foreach (var name in new[] { "options.json", "stats.jsonl" })
            Assert.Equal(File.ReadAllText(Path.Combine(Folder("unbroken"), name)),
                File.ReadAllText(Path.Combine(Folder("broken"), name)));
    }

    [Fact]
    public void Train_CalledOnAFinishedRun_TakesNoStepAndGivesTheSameResult()
    {
        var data = Stripes.Data(Stripes.Draw(40), 32, 8);
        var first = Train(Folder("run"), data);
        var bytes = File.ReadAllBytes(first.File);
        using var source = new CancellationTokenSource();
        var again = Train(Folder("run"), data, progress: new CancelAfter(1, source), cancel: source.Token);
        Assert.False(source.IsCancellationRequested);
        Assert.Equal(first.Best, again.Best);
        Assert.Equal(bytes, File.ReadAllBytes(again.File));
    }

    /// <summary>A set carries its test images; nothing of them may reach what is trained.</summary>
    [Fact]
    public void Train_TestLabelsPermuted_ChangesNoByteOfTheRun()
    {
        var set = Stripes.Draw(60);
        int[] labels = [.. set.Labels.Select((l, i) => i < 44 ? l : (l + 1) % 3)];
        var permuted = new ImageSet(set.Classes, set.Shape, [.. set.Ids], labels, set.Pixels.ToArray());
        Train(Folder("a"), Stripes.Data(set, 32, 12));
        Train(Folder("b"), Stripes.Data(permuted, 32, 12));
        var files = Directory.GetFiles(Folder("a"), "*.safetensors", SearchOption.AllDirectories)
            .Append(Path.Combine(Folder("a"), "options.json")).ToList();
        Assert.True(files.Count >= 4);
        foreach (var f in files)
        {
            Assert.Equal(File.ReadAllBytes(f),
                File.ReadAllBytes(Path.Combine(Folder("b"), Path.GetRelativePath(Folder("a"), f))));
        }
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Train_StripesThatCanBeLearnt_AreLearnt_AndThePredictorAgreesWithTheCurve(Precision precision)
    {
        var set = Stripes.Draw(220, noise: 40);
        var data = Stripes.Data(set, 160, 60);
        var options = Stripes.Options with
        {
            Epochs = 5,
            Mixup = 0,
            EarlySize = 16,
            Augment = ImageAugmentOptions.None,
            CheckpointSteps = 0,
            Precision = precision
        };
        var result = Train(Folder("run"), data, options);
        Assert.True(result.Best.ValidationAccuracy >= .9, $"{result.Best}");
        Assert.Equal(result.Curve.OrderByDescending(e => e.ValidationAccuracy).ThenBy(e => e.ValidationNll).ThenBy(e => e.Epoch)
            .First(), result.Best);
        Assert.Equal([10L, 20, 30, 40, 50], result.Curve.Select(e => e.Step));

        var predictions = ClassifierPredictor.Predict(result.File, data.Validation);
        var predicted = predictions.Predicted();
        Assert.Equal(result.Best.ValidationAccuracy,
            predictions.Labels.Zip(predicted).Average(p => p.First == p.Second ? 1.0 : 0), 1e-12);
        for (int i = 0; i < predictions.Count; i++)
            Assert.InRange(Enumerable.Range(0, 3).Sum(k => predictions.Probabilities[i, k]), .9999f, 1.0001f);
    }

    [Fact]
    public void Train_ExactSteps_SpreadsThemOverTheValidations()
    {
        var result = Train(Folder("run"), Stripes.Data(Stripes.Draw(40), 32, 8), Stripes.Options with { Steps = 7 });
        Assert.Equal([3L, 5, 7], result.Curve.Select(e => e.Step));
    }

    [Fact]
    public void Train_AdamWOnColour_IsSupported()
    {
        var options = Stripes.Options with { Optimiser = ClassifierOptimiser.AdamW, PeakRate = .002, Epochs = 1 };
        var result = Train(Folder("run"), Stripes.Data(Stripes.Draw(40, channels: 3), 32, 8), options);
        Assert.True(double.IsFinite(result.Best.ValidationNll));
        Assert.Equal(3, TrainedClassifier.ReadAbout(result.File).Channels);
    }

    [Fact]
    public void Train_WeightsOfOneClassOnly_TeachThatClass()
    {
        var set = Stripes.Draw(60, noise: 40);
        var rows = Selection.Of("set", set,
            Enumerable.Range(0, 48)).Rows.Select(r => r with { Weight = r.Label == 2 ? 1 : 1e-6 });
        var data = Stripes.Data(set, 48, 12) with { Selection = new(set.Classes, [.. rows]) };
        var result = Train(Folder("run"), data, Stripes.Options with { Epochs = 4, LabelSmoothing = 0 });
        Assert.All(ClassifierPredictor.Predict(result.File, data.Validation).Predicted(), k => Assert.Equal(2, k));
    }

    [Fact]
    public void Train_OtherOptionsOrDataInTheSameFolder_AreRefused()
    {
        var data = Stripes.Data(Stripes.Draw(40), 32, 8);
        var options = Stripes.Options with { Epochs = 1 };
        Train(Folder("run"), data, options);
        Assert.Contains("other options",
            Assert.Throws<OptionException>(() => Train(Folder("run"), data, options with { Dropout = .1 })).Message,
                StringComparison.Ordinal);
        var others = Stripes.Data(Stripes.Draw(40, seed: 2), 32, 8);
        Assert.Contains("(other images, or the same in another size or split)",
            Assert.Throws<OptionException>(() => Train(Folder("run"), others, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_RateFarTooHigh_SaysSo()
    {
        var options = Stripes.Options with { PeakRate = 100, WeightDecay = 1, Epochs = 40 };
        var data = Stripes.Data(Stripes.Draw(40), 32, 8);
        var e = Assert.Throws<TrainingDivergedException>(() => Train(Folder("run"), data, options));
        Assert.EndsWith("Start anew with a lower peak_rate (--rate) than 100, in another folder (--out): "
            + "this one keeps the options that failed", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void TrainAndPredict_Finished_LeaveNoTensorBehind(Precision precision)
    {
        var data = Stripes.Data(Stripes.Draw(40), 32, 8);
        var options = Stripes.Options with { Precision = precision };
        Train(Folder("first"), data, options);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ClassifierPredictor.Predict(Train(Folder("second"), data, options).File, data.Validation);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Predict_OtherClassesOrChannels_AreRefused()
    {
        var file = Train(Folder("run"), Stripes.Data(Stripes.Draw(40), 32, 8), Stripes.Options with { Epochs = 1 }).File;
        var birds = new ImageSet(new(["owl", "crow"]), new(1, 1, 1), ["o"], [0], [1]);
        Assert.Contains("tells the classes [across, down, slanted], the images have [owl, crow]",
            Assert.Throws<OptionException>(() => ClassifierPredictor.Predict(file, birds)).Message, StringComparison.Ordinal);
        Assert.Equal("the classifier takes images of 1 channels, these have 3; read them with --channels 1",
            Assert.Throws<OptionException>(() => ClassifierPredictor.Predict(file, Stripes.Draw(3, channels: 3))).Message);
    }

    /// <summary>Asks for the end of the run after so many steps of this call.</summary>
    private sealed class CancelAfter(int steps, CancellationTokenSource source) : ProgressSink
    {
        private int _steps;

        public override void Report(string task, double done, double total, string unit, string? note = null)
        {
            if (task == "train classifier" && ++_steps == steps) source.Cancel();
        }

        public override void Say(string line) { }
    }
}
