using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Embedding;
using Understudy.Evaluation.Fidelity;
using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// Holds generated images against real ones without a network to download: both shrunk to at most 16×16 pixels, in at most 16 principal
/// components of the reals (black 0, white 1). That sees brightness, pose, coarse shapes and variety; no fine texture. The same latents and the same reals
/// each time, so that what changes is the generator.
/// </summary>
internal sealed class QualityMeter
{
    private const int MostImages = 1400, Side = 16, Components = 16, Batch = 100;

    private readonly (string Name, int[] Labels, FidelityYardstick Yardstick)[] _classes;
    private readonly Keys _keys;
    private readonly ImageShape _shape, _small;
    private readonly int _labels, _labelDim;

    /// <param name="options">Resolved for this set.</param>
    public QualityMeter(ImageSet set, GanTrainingOptions options, Keys keys)
    {
        (_keys, _shape, _labels, _labelDim) = (keys, set.Shape, set.Classes.Count, options.LabelDim(set.Classes.Count));
        var side = Math.Min(Side, set.Shape.Height / 2);
        _small = set.Shape with { Height = side, Width = side };
        var order = keys.Random("quality/reals").Permutation(set.Count);
        // Without a condition the generator's classes are one, mixed as in the data.
        var groups = _labelDim == 0 ? [("all", order[..Math.Min(MostImages, set.Count)])]
            : Enumerable.Range(0, _labels).Select(k => (set.Classes[k], order.Where(i => set.Labels[i] == k).Take(MostImages / _labels).ToArray()))
                .Where(g => g.Item2.Length > 0).ToArray();
        var features = groups.Select(g => Shrink([.. g.Item2.Select(i => set[i].ToArray())])).ToList();
        var all = new Features([.. features.SelectMany(f => Enumerable.Range(0, f.Count).SelectMany(i => f[i].ToArray()))], _small.Size);
        if (all.Count < 2)
        {
            _classes = [];
            return;
        }
        var pca = Pca.Fit(all, Math.Min(Components, Math.Min(_small.Size, all.Count - 1)));
        _classes = [.. groups.Zip(features, (g, f) => (g.Item1, g.Item2.Select(i => set.Labels[i]).ToArray(), new FidelityYardstick(f, pca)))];
    }

    /// <summary>Draws as many images of each class as it has reals here, untruncated and with fixed noise.</summary>
    public Quality Measure(Generator generator) => new([.. _classes.Select((c, k) => (c.Name, c.Yardstick.Measure(Shrink(Draw(generator, c.Labels, k)))))]);

    private List<byte[]> Draw(Generator generator, int[] labels, int group)
    {
        var images = new List<byte[]>(labels.Length);
        for (int first = 0; first < labels.Length; first += Batch)
        {
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var some = labels.Skip(first).Take(Batch).ToArray();
            var z = _keys.Normal($"quality/z/{group}", first, some.Length, generator.Options.ZDim);
            var pixels = Pixels.ToBytes(generator.Synthesize(generator.Map(z, Labels.Encode(some, _labelDim, _labels)), NoiseMode.Const));
            for (int i = 0; i < some.Length; i++) images.Add(pixels[(i * _shape.Size)..((i + 1) * _shape.Size)]);
        }
        return images;
    }

    private Features Shrink(List<byte[]> images)
    {
        var values = new float[images.Count * _small.Size];
        var small = new byte[_small.Size];
        for (int i = 0; i < images.Count; i++)
        {
            Resizer.Resize(images[i], _shape, small, _small.Height, _small.Width);
            for (int k = 0; k < small.Length; k++) values[i * _small.Size + k] = small[k] / 255f;
        }
        return new(values, _small.Size);
    }
}
