using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Fidelity;
using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// Holds generated images against real ones without a network to download: both shrunk to at most
/// <see cref="FidelityYardstick.MostSide"/> pixels a side, in principal components of the reals (black 0, white 1;
/// <see cref="Yardsticks"/>). That sees brightness, pose, coarse shapes and variety; no fine texture. A judge, where there is
/// one, looks at the same images. The same latents and the same reals each time, so that what changes is the generator. Classes
/// that are too small to be measured by themselves are also taken as one: then that decides, and raises the alarms.
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
    private readonly bool _together;

    /// <param name="options">Resolved for this set.</param>
    /// <param name="judge">Stays the caller's, and must live as long.</param>
    public QualityMeter(ImageSet set, GanTrainingOptions options, Keys keys, Judge? judge = null)
    {
        (_keys, _judge, _shape, _labels, _labelDim) =
            (keys, judge, set.Shape, set.Classes.Count, options.LabelDim(set.Classes.Count));
        var side = Math.Min(FidelityYardstick.MostSide, set.Shape.Height / 2);
        _small = set.Shape with { Height = side, Width = side };
        var order = keys.Random("quality/reals").Permutation(set.Count);
        // Without a condition the generator's classes are one, mixed as in the data; so are more than there are images here.
        (string Name, int[] Images)[] groups = _labelDim == 0 || _labels > MostImages
            ? [(_labelDim == 0 ? Quality.WholeName : Quality.PoolName, order[..Math.Min(MostImages, set.Count)])]
            : [.. Enumerable.Range(0, _labels)
                .Select(k => (set.Classes[k], order.Where(i => set.Labels[i] == k).Take(MostImages / _labels).ToArray()))
                .Where(g => g.Item2.Length > 0)];
        var (largest, total) = (groups.Select(g => g.Images.Length).DefaultIfEmpty().Max(), groups.Sum(g => g.Images.Length));
        const int forFd = FrechetDistance.ImagesPerDimension, forCoverage = DivergenceAlarm.EnoughForCoverage;
        _together = groups.Length > 1 && (largest < forFd || (largest < forCoverage && total >= forCoverage));
        var ofImages = $"of the {Human.Count(total)} images that a snapshot is measured by";
        Note = total < forFd
                ? $"{total} real images are too few to rank snapshots by, {forFd} are needed: "
                    + $"there will be no {GeneratorFile.BestName}"
            : (_labelDim > 0 && _labels > MostImages) || (_together && largest < forFd)
                ? $"no class has {forFd} {ofImages}: the best is chosen, and a collapse noticed, over all classes together"
            : _together
                ? $"no class has {forCoverage} {ofImages}: what is covered of the real ones is watched over all classes together"
            : null;
        if (total < 2) groups = [];
        _groups = [.. groups.Select(g => (g.Name, g.Images.Select(i => set.Labels[i]).ToArray()))];
        if (groups.Length == 0) return;
        var reals = groups.Select(g => g.Images.Select(i => set[i].ToArray()).ToList()).ToList();
        _pixels = new([.. reals.Select(Shrink)]);
        _features = judge is null ? null : new([.. reals.Select(r => judge.Look(r, _shape).Features)]);
    }

    /// <summary>What is not measured as usual, and why; null where all is. For the user, before a long training.</summary>
    public string? Note { get; }

    /// <summary>Draws as many images of each class as it has reals here, untruncated and with fixed noise.</summary>
    public Quality Measure(Generator generator) => Measure((labels, group) => Draw(generator, labels, group));

    /// <param name="draw">Makes one image for each label; the second is the number of the class among those measured.</param>
    internal Quality Measure(Func<int[], int, List<byte[]>> draw)
    {
        var (pixels, judged) = (new List<(string, QuickFidelity)>(), new List<(string, QuickFidelity, double?)>());
        var (shrunk, seen) = (new List<Features>(), new List<Features>());
        foreach (var (k, (name, labels)) in _groups.Index())
        {
            var images = draw(labels, k);
            shrunk.Add(Shrink(images));
            pixels.Add((name, _pixels!.Measure(k, shrunk[^1])));
            if (_judge is null) continue;
            var (features, taken) = _judge.Look(images, _shape);
            double? agreement = _labelDim == 0 ? null : (double)taken.Zip(labels).Count(t => t.First == t.Second) / labels.Length;
            seen.Add(features);
            judged.Add((name, _features!.Measure(k, features), agreement));
        }
        var pooled = _together ? _pixels!.MeasureTogether(shrunk) : null;
        return new(pixels, _judge is null ? null : new(judged, _together ? _features!.MeasureTogether(seen) : null), pooled);
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
            var pixels = Pixels.ToBytes(
                generator.Synthesize(generator.Map(z, LabelEncoding.Encode(some, _labelDim, _labels)), NoiseMode.Const));
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
