using TorchSharp;
using Understudy.Common;
using Understudy.Networks.Classifiers;
using Understudy.Training;
using Understudy.Training.Classification;
using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class FrozenTrainerTests : IDisposable
{
    private static readonly ClassifierOptions s_options =
        ClassifierOptions.FrozenFeatures("screening", Normalisation.Imagenet) with
        {
            Size = 16,
            EarlySize = 16,
            Batch = 32,
            PeakRate = .01,
        };

    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-frozen-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>
    /// The whole network in training, its rates 0 below the last layer: the same weights and logits as from stored features.
    /// </summary>
    [Fact]
    public void Step_OnFeatures_IsAStepOfTheWholeNetworkWithRateZeroBelow()
    {
        using var scope = NewDisposeScope();
        var set = Stripes.Draw(80);
        var data = Stripes.Data(set, 80, 0);
        const int steps = 6;
        var options = s_options with { Steps = steps, Epochs = 1, LabelSmoothing = .1, Normalise = Normalisation.None };

        using var onFeatures = ClassifierNet.Create("screening", set.Shape, 3, 0, 4);
        var frozen = new FrozenFeatures(onFeatures, options, At("features"));
        using (var rows =
            new FrozenRows(data.Selection, frozen.Of(set, mirrored: false, ProgressSink.None, default), options.Batch, seed: 9))
        using (var head = new FrozenHead(frozen.Head, rows, options with { Ema = 0 }, seed: 9))
        {
            for (int step = 0; step < steps; step++) head.Step(step);
            head.Keep();
            head.Finish();
        }

        using var whole = ClassifierNet.Create("screening", set.Shape, 3, 0, 4);
        using var flat = new FlatParameters(whole);
        var factors = zeros_like(flat.Values).DetachFromDisposeScope();
        foreach (var (name, view) in flat.Views(factors)) view.fill_(name.StartsWith("fc.", StringComparison.Ordinal) ? 1 : 0);
        using (var optimiser = LearningRule.OptimiserOf(options, flat, factors))
        {
            whole.eval();
            var batches = new Batches(data.Selection, data.Sets, 16, options.Batch, seed: 9);
            for (int step = 0; step < steps; step++)
            {
                using var inner = NewDisposeScope();
                var batch = batches.At(step);
                optimiser.ZeroGradient();
                ClassificationLosses.SoftCrossEntropy(whole.call(batch.Images), ClassificationLosses.Smooth(batch.Targets, .1),
                    batch.Weights).backward();
                optimiser.LearningRate = Schedules.OneCycle(step, steps, options.PeakRate);
                optimiser.Step();
            }
        }

        using var off = no_grad();
        var images = Batches.Images(set, 0, 80);
        var (expected, actual) = (whole.call(images), onFeatures.call(images));
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-4);
        using var untouched = ClassifierNet.Create("screening", set.Shape, 3, 0, 4);
        untouched.eval();
        Assert.True((untouched.call(images) - actual).abs().max().item<float>() > .01);
        Assert.True(whole.state_dict()["conv1.weight"].eq(untouched.state_dict()["conv1.weight"]).all().item<bool>());
    }

    [Fact]
    public void Train_FrozenTwiceFromOneFeatureFolder_ComputesOnceAndGivesTheSameBytes()
    {
        var weights = Weights();
        var data = Stripes.Data(Stripes.Draw(120, noise: 20), 90, 30);
        var start = new ClassifierStart(weights, FeatureFolder: At("features"));
        var first = new Told();
        var result = ClassifierTrainer.Train(s_options, data, At("a"), 1, first, default, start);
        Assert.Contains(first.Lines, l => l == "features of 90 training and 30 validation images at 16×16; 120 computed now");
        Assert.Contains(first.Lines,
            l => l.Contains("left at their initial values: fc.weight, fc.bias", StringComparison.Ordinal));
        Assert.Equal(s_options.Epochs, result.Curve.Count);
        Assert.True(result.Best.ValidationAccuracy > .8, $"{result.Best}");

        var second = new Told();
        var again = ClassifierTrainer.Train(s_options, data, At("b"), 1, second, default, start);
        Assert.Contains(second.Lines, l => l.EndsWith("; 0 computed now", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(result.File), File.ReadAllBytes(again.File));
        Assert.Equal(result.Best, ClassifierTrainer.Train(s_options, data, At("a"), 1, second, default, start).Best);
        Assert.Equal(s_options.Epochs, File.ReadLines(Path.Combine(At("a"), "stats.jsonl")).Count());

        // What was validated on features is what the whole network predicts, from grey images too.
        var predictions = ClassifierPredictor.Predict(result.File, data.Validation);
        Assert.Equal(result.Best.ValidationAccuracy,
            predictions.Labels.Zip(predictions.Predicted()).Average(p => p.First == p.Second ? 1.0 : 0), 1e-12);
        Assert.Equal(Normalisation.Imagenet, TrainedClassifier.ReadAbout(result.File).Options.Normalise);
        Assert.Equal(Normalisation.Imagenet, new ClassifierStart(result.File).Normalise());
    }

    [Fact]
    public void Train_FrozenWithMirrorAveraging_ValidatesAsItPredicts()
    {
        var data = Stripes.Data(Stripes.Draw(120, noise: 60), 90, 30);
        var result = ClassifierTrainer.Train(s_options with { FlipAverage = true, Epochs = 3 }, data, At("a"), 1,
            ProgressSink.None, default, new(Weights()));
        var predictions = ClassifierPredictor.Predict(result.File, data.Validation);
        Assert.Equal(result.Best.ValidationNll, Understudy.Evaluation.Utility.Calibration.NegativeLogLikelihood(predictions),
            1e-5);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(At("a"), "features"), "*.safetensors").Length);
        Assert.True(File.Exists(Path.Combine(At("a"), "features", Restricted.FileName)));
    }

    [Fact]
    public void Train_FrozenWithoutWeightsOrWithAugmentation_IsRefused()
    {
        var data = Stripes.Data(Stripes.Draw(40), 30, 10);
        Assert.StartsWith("frozen: needs weights", Assert.Throws<OptionException>(() =>
            ClassifierTrainer.Train(s_options, data, At("a"), 1, ProgressSink.None, default)).Message, StringComparison.Ordinal);
        Assert.StartsWith("frozen: features are of whole images",
            Assert.Throws<OptionException>(() => (s_options with { Mixup = .2 }).Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FromWeightsAllLayers_StartsFromThem_AndOtherWeightsAreAnotherRun()
    {
        var data = Stripes.Data(Stripes.Draw(60), 40, 20);
        var options = ClassifierOptions.FineTune("screening", Normalisation.Imagenet) with
        {
            Size = 16,
            EarlySize = 16,
            Epochs = 1,
            Batch = 16,
            PeakRate = 1e-9
        };
        var start = new ClassifierStart(Weights());
        var file = ClassifierTrainer.Train(options, data, At("a"), 1, ProgressSink.None, default, start).File;
        var before = new Dictionary<string, SafetensorsEntry>(Understudy.Networks.WeightsFile.Read(start.Path));
        var after = SafetensorsFile.Read(file);
        Assert.Equal([3, 128], after["fc.weight"].Shape);
        foreach (var name in new[] { "conv1.weight", "layer3.0.conv1.weight" })
        {
            var (b, a) = (TorchFiles(before[name]), TorchFiles(after[name]));
            Assert.InRange(b.Zip(a, (x, y) => Math.Abs(x - y)).Max(), 0, 1e-6);
        }
        var e = Assert.Throws<OptionException>(() =>
            ClassifierTrainer.Train(options, data, At("a"), 1, ProgressSink.None, default, new(Weights(seed: 5))));
        Assert.Contains("weights", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FrozenFinished_LeavesNoTensorBehind()
    {
        var data = Stripes.Data(Stripes.Draw(40), 30, 10);
        var start = new ClassifierStart(Weights());
        ClassifierTrainer.Train(s_options with { Epochs = 2 }, data, At("a"), 1, ProgressSink.None, default, start);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ClassifierTrainer.Train(s_options with { Epochs = 2 }, data, At("b"), 1, ProgressSink.None, default, start);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static double[] TorchFiles(SafetensorsEntry entry) => Networks.TorchFiles.Values(entry);

    /// <summary>As a published file: RGB, of other classes.</summary>
    private string Weights(ulong seed = 4)
    {
        var path = At($"published-{seed}.pth");
        using var net = ClassifierNet.Create("screening", new(3, 16, 16), 10, 0, seed);
        File.WriteAllBytes(path, Networks.TorchFiles.SharedStorage(net));
        return path;
    }
}
