using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Fidelity;
using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// Holds generated images against real ones without a network to download: both shrunk to at most <see cref="FidelityYardstick.MostSide"/>
/// pixels a side, in principal components of the reals (black 0, white 1; <see cref="Yardsticks"/>). That sees brightness, pose, coarse shapes and variety; no fine texture. A judge, where there is one,
/// looks at the same images. The same latents and the same reals each time, so that what changes is the generator.
/// </summary>
internal sealed class QualityMeter
{
    private const int MostImages = 1400, Batch = 100;

    private readonly (string Name, int[] Labels)[] _groups;
    private readonly Yardsticks? _pixels, _features;
    private readonly Judge? _judge;
    private readonly Keys _keys;
    private readonly ImageShape _shape, _small;
    private readonly int _labels, _labelDim;

    /// <param name="options">Resolved for this set.</param>
    /// <param name="judge">Stays the caller's, and must live as long.</param>
    public QualityMeter(ImageSet set, GanTrainingOptions options, Keys keys, Judge? judge = null)
    {
        (_keys, _judge, _shape, _labels, _labelDim) = (keys, judge, set.Shape, set.Classes.Count, options.LabelDim(set.Classes.Count));
        var side = Math.Min(FidelityYardstick.MostSide, set.Shape.Height / 2);
        _small = set.Shape with { Height = side, Width = side };
        var order = keys.Random("quality/reals").Permutation(set.Count);
        // Without a condition the generator's classes are one, mixed as in the data.
        (string Name, int[] Images)[] groups = _labelDim == 0 ? [("all", order[..Math.Min(MostImages, set.Count)])]
            : [.. Enumerable.Range(0, _labels).Select(k => (set.Classes[k], order.Where(i => set.Labels[i] == k).Take(MostImages / _labels).ToArray()))
                .Where(g => g.Item2.Length > 0)];
        if (groups.Sum(g => g.Images.Length) < 2) groups = [];
        _groups = [.. groups.Select(g => (g.Name, g.Images.Select(i => set.Labels[i]).ToArray()))];
        if (groups.Length == 0) return;
        var reals = groups.Select(g => g.Images.Select(i => set[i].ToArray()).ToList()).ToList();
        _pixels = new([.. reals.Select(Shrink)]);
        _features = judge is null ? null : new([.. reals.Select(r => judge.Look(r, _shape).Features)]);
    }

    /// <summary>Draws as many images of each class as it has reals here, untruncated and with fixed noise.</summary>
    public Quality Measure(Generator generator) => Measure((labels, group) => Draw(generator, labels, group));

    /// <param name="draw">Makes one image for each label; the second is the number of the class among those measured.</param>
    internal Quality Measure(Func<int[], int, List<byte[]>> draw)
    {
        var (pixels, judged) = (new List<(string, QuickFidelity)>(), new List<(string, QuickFidelity, double?)>());
        foreach (var (k, (name, labels)) in _groups.Index())
        {
            var images = draw(labels, k);
            pixels.Add((name, _pixels!.Measure(k, Shrink(images))));
            if (_judge is null) continue;
            var (features, taken) = _judge.Look(images, _shape);
            double? agreement = _labelDim == 0 ? null : (double)taken.Zip(labels).Count(t => t.First == t.Second) / labels.Length;
            judged.Add((name, _features!.Measure(k, features), agreement));
        }
        return new(pixels, _judge is null ? null : new(judged));
    }

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
            var pixels = Pixels.ToBytes(generator.Synthesize(generator.Map(z, LabelEncoding.Encode(some, _labelDim, _labels)), NoiseMode.Const));
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
