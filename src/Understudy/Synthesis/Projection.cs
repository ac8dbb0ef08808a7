using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Synthesis;

/// <summary>An image as the generator comes nearest to it.</summary>
/// <param name="Label">The class whose mean w the search began at.</param>
/// <param name="Pixels">The generator's image, uint8 [C, H, W].</param>
/// <param name="Distance">Root mean square over all sizes of the image, in grey levels of 255.</param>
/// <param name="Trace">The distance before the first step and after every one.</param>
/// <param name="ByClass">The distance that every class came to in the search for the nearest; null where the class was
/// given.</param>
/// <param name="State">What was found: "w" [1 or NumWs, w_dim] and, where it was learned, the noise by its names.</param>
public sealed record ProjectionResult(int Label, byte[] Pixels, double Distance, IReadOnlyList<double> Trace,
    IReadOnlyList<double>? ByClass,
    IReadOnlyList<KeyValuePair<string, SafetensorsEntry>> State);

/// <summary>
/// Projects images onto a generator: the w (and noise) whose image is nearest, by gradient descent from a class's mean w (Karras
/// et al. 2020, arXiv 1912.04958, appendix D), with <see cref="ImageDistance"/> in place of a network's features.
/// </summary>
public static class Projection
{
    private const double RiseShare = 0.05, FallShare = 0.25, DisturbedShare = 0.75, Disturbance = 0.05, ClassShare = 0.25;
    private const double GreyLevels = 127.5;

    /// <summary>
    /// Searches for the image. The same options give the same result, on one machine with one number of threads.
    /// </summary>
    /// <param name="pixels">uint8 [C, H, W] of the generator's shape.</param>
    /// <param name="watch">Called after every step with its number, the steps in all, and the distance.</param>
    /// <exception cref="OptionException">Options out of range, an unknown class, or an image of another shape.</exception>
    public static ProjectionResult Find(Sampler sampler, ReadOnlyMemory<byte> pixels, ProjectionOptions options,
        Action<int, int, double>? watch = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        options.Validate();
        if (pixels.Length != sampler.Shape.Size)
            throw new OptionException($"image: {pixels.Length} bytes are no image of {sampler.Shape}; resize it first");
        if (options.Label is { } l && (uint)l >= (uint)sampler.Classes.Count)
            throw new OptionException($"class: {l} is not known; the generator draws 0 to {sampler.Classes.Count - 1}: "
                + $"{sampler.Classes}");
        using var scope = NewDisposeScope();
        using var generator = sampler.Network.Copy();
        var s = sampler.Shape;
        var target = Pixels.ToFloat(tensor(pixels.ToArray(), [1, s.Channels, s.Height, s.Width]));
        var search = new Search(generator, target, options, Spread(generator, sampler.Classes.Count, options.Seed), watch,
            cancel);

        double[]? byClass = null;
        var (label, trying) = (options.Label ?? 0, 0);
        var start = sampler.ClassMeans.narrow(0, label, 1).clone();
        if (options.Label is null && sampler.Classes.Count > 1 && generator.Options.LabelDim > 0)
        {
            trying = Math.Max(1, (int)(options.Steps * ClassShare));
            var all = search.Run(sampler.ClassMeans.clone(), noise: null, 0, trying);
            byClass = all.Distances;
            label = Array.IndexOf(byClass, byClass.Min());
            start = all.W[label].unsqueeze(0);
        }
        var noise = options.LearnNoise ? new NoiseMaps(generator) : null;
        var found = search.Run(start, noise, trying, options.Steps);

        using var noGradients = no_grad();
        var images = generator.Synthesize(Search.Layers(found.W, generator), NoiseMode.Const);
        var state = new List<KeyValuePair<string, SafetensorsEntry>> { Entry("w", found.W[0]) };
        if (noise is not null) state.AddRange(noise.Maps.Select(m => Entry(m.Name, m.Map)));
        return new(label, Pixels.ToBytes(images), GreyLevels * Math.Sqrt(ImageDistance.Squared(images, target).item<float>()),
            search.Trace, byClass, state);
    }

    private static KeyValuePair<string, SafetensorsEntry> Entry(string name, Tensor value)
    {
        var (_, dtype, shape, data) = Weights.ToEntry(name, value);
        return new(name, new(dtype, shape, data));
    }

    /// <summary>√(E‖w − E w‖²) over classes alike: how large w's world is.</summary>
    private static double Spread(Generator generator, int classes, ulong seed)
    {
        const int count = 1024;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var c = LabelEncoding.Encode([.. Enumerable.Range(0, count).Select(i => i % classes)], generator.Options.LabelDim,
            classes);
        var w = generator.Map(new Keys(seed).Normal("project/z", 0, count, generator.Options.ZDim), c).select(1, 0);
        return Math.Sqrt((w - w.mean([0], keepdim: true)).square().sum(1).mean().item<float>());
    }

    /// <summary>Adam on w's and noise, one w for every start; the starts do not touch each other.</summary>
    private sealed class Search(Generator generator, Tensor target, ProjectionOptions options, double spread,
        Action<int, int, double>? watch, CancellationToken cancel)
    {
        public List<double> Trace { get; } = [];

        /// <summary>ws [N, NumWs, w_dim] of w [N, 1 or NumWs, w_dim].</summary>
        public static Tensor Layers(Tensor w, Generator generator) => w.expand(-1, generator.NumWs, -1);

        /// <param name="starts">[N, w_dim], or [N, 1 or NumWs, w_dim].</param>
        /// <returns>[N, 1 or NumWs, w_dim], and the last distance of each.</returns>
        public (Tensor W, double[] Distances) Run(Tensor starts, NoiseMaps? noise, int from, int to)
        {
            using var scope = NewDisposeScope();
            var w = starts.dim() == 2 ? starts.unsqueeze(1) : starts;
            if (options.EveryLayer) w = Layers(w, generator);
            var home = w.detach().clone();
            w = home.clone().requires_grad_();
            var adam = new Adam([w, .. noise?.Maps.Select(m => m.Map) ?? []]);
            double[] distances = [];
            for (int step = from; step < to; step++)
            {
                cancel.ThrowIfCancellationRequested();
                using var pause = CollectionPause.Begin();
                using var inner = NewDisposeScope();
                var share = (double)step / options.Steps;
                var calm = Math.Max(0, 1 - share / DisturbedShare);
                var disturbed = w + new Keys(options.Seed)
                    .Normal("project/w", step, w.shape) * (spread * Disturbance * calm * calm);
                var squared = ImageDistance.Squared(generator.Synthesize(Layers(disturbed, generator), NoiseMode.Const), target);
                var loss = squared.sum() + ((w - home).square().sum([2]).mean([1]).sum() * (options.Prior / (spread * spread)));
                if (noise is not null) loss = loss + noise.Correlation() * options.NoiseWeight;
                loss.backward();
                distances = [.. squared.detach().data<float>().ToArray().Select(d => GreyLevels * Math.Sqrt(d))];
                Trace.Add(distances.Min());
                adam.Step(options.LearningRate * Math.Min(1, (share + 1.0 / options.Steps) / RiseShare) * Fall(share));
                noise?.Normalise();
                watch?.Invoke(step + 1, options.Steps, distances.Min());
            }
            return (w.detach().MoveToOuterDisposeScope(), distances);
        }

        /// <summary>1, then half a cosine to 0 over the last quarter.</summary>
        private static double Fall(double share) => 0.5 - 0.5 * Math.Cos(Math.PI * Math.Min(1, (1 - share) / FallShare));
    }

    /// <summary>Adam (Kingma and Ba 2014) with β .9 and .999, in place on a few tensors.</summary>
    private sealed class Adam(IReadOnlyList<Tensor> values)
    {
        private const double First = 0.9, Second = 0.999;
        private readonly Tensor[] _mean = [.. values.Select(v => zeros_like(v))],
            _square = [.. values.Select(v => zeros_like(v))];
        private int _steps;

        public void Step(double rate)
        {
            using var noGradients = no_grad();
            _steps++;
            var (first, second) = (1 - Math.Pow(First, _steps), 1 - Math.Pow(Second, _steps));
            for (int i = 0; i < values.Count; i++)
            {
                if (values[i].grad is not { } gradient) continue;
                _mean[i].mul_(First).add_(gradient, 1 - First);
                _square[i].mul_(Second).addcmul_(gradient, gradient, 1 - Second);
                values[i].sub_(_mean[i] * (rate / first) / ((_square[i] / second).sqrt() + 1e-8));
                gradient.zero_();
            }
        }
    }
}
