using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation.Utility;
using Understudy.Networks.Classifiers;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

/// <summary>Whole trainings with the options that are off by default.</summary>
[Collection("torch")]
public sealed class ClassifierTrainerOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-classifier-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Folder(string name) => Path.Combine(_folder, name);

    private static ClassifierResult Train(string folder, ClassifierData data, ClassifierOptions options,
        ProgressSink? progress = null,
        CancellationToken cancel = default) =>
            ClassifierTrainer.Train(options, data, folder, 1, progress ?? ProgressSink.None, cancel);

    /// <summary>
    /// A rate too small to change anything but once: the first epoch stays the best, so that a plateau is cut and patience lost.
    /// </summary>
    private static ClassifierOptions Option(string name) => name switch
    {
        "cosine" => Stripes.Options with { Schedule = RateSchedule.Cosine, WarmUp = .2 },
        "plateau" => Stripes.Options with { Schedule = RateSchedule.Plateau, PeakRate = 1e-9, Epochs = 6 },
        "patience" => Stripes.Options with { Patience = 2, PeakRate = 1e-9, Epochs = 9, ClassWeighting = .5 },
        _ => Stripes.Options with { Mixup = 1, ClassBalanced = true, Calibrate = true },
    };

    [Theory]
    [InlineData("cosine"), InlineData("plateau"), InlineData("patience"), InlineData("mixup")]
    public void Train_InterruptedAnywhere_EndsInTheSameBytes(string name)
    {
        var data = Stripes.Data(Stripes.Draw(60), 44, 16);
        var options = Option(name);
        var unbroken = Train(Folder("unbroken"), data, options);
        for (int attempt = 0; attempt < 20; attempt++)
        {
            using var source = new CancellationTokenSource();
            try
            {
                var resumed = Train(Folder("broken"), data, options, new CancelAfter(2, source), source.Token);
                Assert.True(attempt > 1, $"ended in attempt {attempt}");
                Assert.Equal(File.ReadAllBytes(unbroken.File), File.ReadAllBytes(resumed.File));
                Assert.Equal(File.ReadAllText(Path.Combine(Folder("unbroken"), "stats.jsonl")),
                    File.ReadAllText(Path.Combine(Folder("broken"), "stats.jsonl")));
                return;
            }
            catch (OperationCanceledException)
            {
            }
        }
        Assert.Fail("it never ended");
    }

    [Fact]
    public void Train_Plateau_CutsTheRateAndSaysSoInItsCurve()
    {
        var data = Stripes.Data(Stripes.Draw(60), 44, 16);
        Train(Folder("run"), data, Option("plateau") with { Schedule = RateSchedule.Plateau, Epochs = 12 });
        var lines = RunDirectory.ReadStats(Path.Combine(Folder("run"), "stats.jsonl")).ToList();
        var rates = lines.Select(l => l["learning_rate"]).ToList();
        Assert.True(rates[^1] < rates[0], string.Join(' ', rates));
        Assert.All(rates, r => Assert.Contains(r, new[] { 1e-9, .5e-9, .25e-9, .125e-9 }));
    }

    [Fact]
    public void Train_PatienceLost_EndsEarlyWithTheBestEpoch()
    {
        var result = Train(Folder("run"), Stripes.Data(Stripes.Draw(60), 44, 16), Option("patience") with { Epochs = 40 });
        Assert.True(result.Curve.Count < 40, $"{result.Curve.Count} epochs");
        Assert.Equal(result.Best.Epoch + 2, result.Curve.Count);
        Assert.Equal(result.Curve.OrderByDescending(e => e.ValidationAccuracy).ThenBy(e => e.ValidationNll).ThenBy(e => e.Epoch)
            .First(), result.Best);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Train_Calibrated_RecordsATemperatureThatLowersTheNllAndChangesNoAnswer(bool flip)
    {
        var data = Stripes.Data(Stripes.Draw(150, noise: 120), 90, 60);
        var options = Stripes.Options with { FlipAverage = flip };
        var (plain, calibrated) =
            (Train(Folder("plain"), data, options), Train(Folder("calibrated"), data, options with { Calibrate = true }));
        Assert.Equal(plain.Curve, calibrated.Curve);
        var temperature = TrainedClassifier.ReadAbout(calibrated.File).Temperature;
        Assert.NotEqual(1, temperature);
        Assert.Equal(1, TrainedClassifier.ReadAbout(plain.File).Temperature);
        var (before, after) = (ClassifierPredictor.Predict(plain.File, data.Validation),
            ClassifierPredictor.Predict(calibrated.File, data.Validation));
        Assert.Equal(TemperatureScaling.Fit(before), temperature);
        Assert.True(Calibration.NegativeLogLikelihood(after) < Calibration.NegativeLogLikelihood(before));
        Assert.Equal(before.Predicted(), after.Predicted());

        var content = SafetensorsFile.Read(calibrated.File);
        var header = content.Metadata.ToDictionary();
        header["temperature"] = "0";
        var changed = Folder("changed.safetensors");
        SafetensorsFile.Write(changed, header, content.Entries.Select(e => (e.Key, e.Value.Dtype, e.Value.Shape, e.Value.Data)));
        Assert.Contains("temperature: 0 is not between 0.05 and 20",
            Assert.Throws<InvalidDataException>(() => TrainedClassifier.ReadAbout(changed)).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A set carries its test images; nothing of them may reach what is trained, chosen, stopped or calibrated.
    /// </summary>
    [Theory]
    [InlineData("mixup"), InlineData("patience")]
    public void Train_TestLabelsPermuted_ChangesNoByteOfTheRun(string name)
    {
        var set = Stripes.Draw(60);
        int[] labels = [.. set.Labels.Select((l, i) => i < 44 ? l : (l + 1) % 3)];
        var permuted = new ImageSet(set.Classes, set.Shape, [.. set.Ids], labels, set.Pixels.ToArray());
        Train(Folder("a"), Stripes.Data(set, 32, 12), Option(name));
        Train(Folder("b"), Stripes.Data(permuted, 32, 12), Option(name));
        var files = Directory.GetFiles(Folder("a"), "*.safetensors", SearchOption.AllDirectories)
            .Append(Path.Combine(Folder("a"), "options.json")).ToList();
        Assert.True(files.Count >= 4);
        foreach (var f in files)
        {
            Assert.Equal(File.ReadAllBytes(f),
                File.ReadAllBytes(Path.Combine(Folder("b"), Path.GetRelativePath(Folder("a"), f))));
        }
    }

    /// <summary>
    /// Half of the images of two classes are taken away: each remedy answers the third class less often than none.
    /// </summary>
    [Fact]
    public void Train_UnequalClasses_EveryRemedyAnswersTheLargeClassLessOften()
    {
        var set = Stripes.Draw(240, noise: 127);
        var few = Enumerable.Range(0, 160).Where(i => set.Labels[i] == 2 || i % 8 == 0);
        var data = Stripes.Data(set, 160, 80) with { Selection = Selection.Of("set", set, few) };
        var plain = Stripes.Options with { Epochs = 6, Steps = 36, Mixup = 0, EarlySize = 16 };
        int Large(string name, ClassifierOptions options) =>
            ClassifierPredictor.Predict(Train(Folder(name), data, options).File, data.Validation).Predicted().Count(k => k == 2);
        var without = Large("plain", plain);
        foreach (var (name, options) in new[]
        {
            ("balanced", plain with { ClassBalanced = true }), ("weighted", plain with { ClassWeighting = 1 }),
        })
        {
            var with = Large(name, options);
            Assert.True(with < without, $"{name}: {with} of 80, without it {without}");
        }
    }

    [Fact]
    public void Train_FrozenWithAllThatApplies_StopsEarlyAndPredictsCalibrated()
    {
        var options = ClassifierOptions.FrozenFeatures("screening", Normalisation.None) with
        {
            Size = 16,
            EarlySize = 16,
            Batch = 32,
            PeakRate = 1e-9,
            Patience = 4,
            Schedule = RateSchedule.Plateau,
            Calibrate = true,
        };
        var start = Train(Folder("start"), Stripes.Data(Stripes.Draw(60), 44, 16), Stripes.Options with { Epochs = 1 });
        var data = Stripes.Data(Stripes.Draw(120), 90, 30);
        ClassifierResult Frozen(string name) =>
            ClassifierTrainer.Train(options, data, Folder(name), 1, ProgressSink.None, default, new(start.File));
        var (a, b) = (Frozen("a"), Frozen("b"));
        Assert.Equal(File.ReadAllBytes(a.File), File.ReadAllBytes(b.File));
        Assert.Equal(a.Best.Epoch + 4, a.Curve.Count);
        Assert.True(a.Curve.Count < options.Epochs);
        Assert.NotEqual(1, TrainedClassifier.ReadAbout(a.File).Temperature);
        Assert.True(
            Calibration.NegativeLogLikelihood(ClassifierPredictor.Predict(a.File, data.Validation)) < a.Best.ValidationNll);
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
