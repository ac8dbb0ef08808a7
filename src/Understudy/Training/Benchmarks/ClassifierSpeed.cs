using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Ops;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Training.Benchmarks;

/// <summary>How fast a classifier trains and predicts with libtorch's present number of threads.</summary>
/// <param name="Size">The side of the images, the final one of a recipe that begins with smaller ones.</param>
/// <param name="Batch">Images per training step.</param>
/// <param name="MultiplyAdds">Of one image, forward.</param>
/// <param name="ConvolutionGflops">The processor's own rate in this precision, measured just before.</param>
/// <param name="Training">Whole steps: loading, augmentation, forward, backward, optimiser, averaged weights, statistics.</param>
/// <param name="LoadingShare">The share of a step that loading and augmentation take.</param>
/// <param name="Prediction">From bytes to probabilities, with mirror images where the options say so.</param>
public sealed record ClassifierSpeed(string Arch, int Size, int Channels, int Batch, Precision Precision, int Threads,
    long Parameters, long MultiplyAdds,
    double ConvolutionGflops, Rate Training, double LoadingShare, Rate Prediction)
{
    private const int Classes = 7, Predicted = 256, BatchesOfNoise = 4;

    /// <summary>Trains on noise, as the options say but at one size and for a while, and predicts noise.</summary>
    /// <param name="channels">1 or 3.</param>
    /// <param name="seconds">For training, and half of it for each of loading and prediction; above 0. At least five passes
    /// each.</param>
    /// <exception cref="OptionException">An option out of range.</exception>
    public static ClassifierSpeed Measure(ClassifierOptions options, int channels, double seconds,
        CancellationToken cancel = default)
    {
        options = options with { EarlySize = options.Size, Epochs = 1, Steps = int.MaxValue };
        options.Validate();
        OptionException.RequireRange("seconds", seconds, 1e-3, 3600);
        TensorRuntime.Prepare();
        var convolution = ConvolutionRate.Measure(options.Precision == Precision.BFloat16
            ? ScalarType.BFloat16 : ScalarType.Float32,
            Math.Min(seconds, 1));
        var (set, asked) = (Noise(BatchesOfNoise * options.Batch, channels, options.Size),
            Noise(Predicted, channels, options.Size));
        var data = new ClassifierData(Selection.Of("noise", set, Enumerable.Range(0, set.Count)),
            new Dictionary<string, ImageSet> { ["noise"] = set }, asked, "");
        using var run = new ClassifierRun(options, data, seed: 0, start: null, ProgressSink.None);
        var count = OperationCount.Of(run.Best, run.Shape);
        var step = Rate.MedianSeconds(k => run.Step(k), seconds, cancel);
        var loading = Rate.MedianSeconds(run.LoadOnly, seconds / 2, cancel);
        var prediction = Rate.MedianSeconds(_ => run.Probabilities(asked, ProgressSink.None), seconds / 2, cancel);
        return new(options.Arch, options.Size, channels, options.Batch, options.Precision, get_num_threads(),
            run.Best.parameters().Sum(p => p.numel()), count.MultiplyAdds, convolution,
            Rate.Of(step, options.Batch, count.Training, convolution),
            loading / step, Rate.Of(prediction, Predicted, count.Prediction * (options.FlipAverage ? 2 : 1), convolution));
    }

    private static ImageSet Noise(int count, int channels, int side)
    {
        var pixels = new byte[(long)count * channels * side * side];
        var random = new KeyedRandom(0, "bench/noise");
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)random.Next(256);
        return new(new([.. Enumerable.Range(0, Classes).Select(k => $"class {k}")]), new(channels, side, side),
            [.. Enumerable.Range(0, count).Select(i => $"{i}")], [.. Enumerable.Range(0, count).Select(i => i % Classes)],
                pixels);
    }
}
