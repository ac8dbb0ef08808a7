using Understudy.Common;
using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>What one step learns from.</summary>
/// <param name="Images">[N, C, H, W], float32 in [−1, 1].</param>
/// <param name="Targets">[N, K], float32, each row summing to 1.</param>
/// <param name="Weights">[N], float32; of mean 1 over the whole selection.</param>
public sealed record Batch(Tensor Images, Tensor Targets, Tensor Weights);

/// <summary>
/// The images of a selection, resized to one side, in batches: every pass goes through all images in an order of its own,
/// which is a function of (seed, pass). What does not fill a last batch is left out of that pass, since batch norm must not see
/// two or three images; a selection smaller than a batch is one batch.
/// </summary>
public sealed class Batches
{
    /// <summary>What resized images may take, in bytes; where they would take more, each batch resizes its own.</summary>
    private const long MostResized = 1 << 30;

    private readonly (ImageSet Set, int At)[] _images;
    private readonly float[] _targets;
    private readonly float[] _weights;
    private readonly int _batch;
    private readonly PassOrder _order;

    /// <param name="sets">Image sets by the names the selection's rows give as their source.</param>
    /// <param name="side">Height and width of the batches, in pixels.</param>
    /// <param name="balanced">Whether every class is shown equally often in a pass; otherwise every row is shown once.</param>
    /// <param name="classWeighting">Rows weigh their class's share to the power of minus this: 0 nothing, 1 as much for every
    /// class.</param>
    /// <param name="mostResized">Bytes that resized images of a source may take.</param>
    /// <exception cref="OptionException">A source or an id that is not there, sets of other classes or channels, fewer than two
    /// rows.</exception>
    public Batches(Selection selection, IReadOnlyDictionary<string, ImageSet> sets, int side, int batch, ulong seed,
        bool balanced = false,
        double classWeighting = 0, long mostResized = MostResized)
    {
        (Classes, Count, _batch) = (selection.Classes, selection.Rows.Count, Math.Min(batch, selection.Rows.Count));
        _order = new(selection, balanced, seed);
        Shape = new(CommonChannels(selection, sets), side, side);
        _images = new (ImageSet, int)[Count];
        foreach (var rows in selection.Rows.Index().GroupBy(r => r.Item.Source)) Fill(sets[rows.Key], rows, mostResized);
        _targets = [.. selection.Rows.SelectMany(r => Target(r, Classes.Count))];
        _weights = RowWeights.Of(selection, classWeighting);
    }

    public ClassNames Classes { get; }

    /// <summary>Rows of the selection; an image that stands there twice counts twice.</summary>
    public int Count { get; }

    /// <summary>Of every image in a batch.</summary>
    public ImageShape Shape { get; }

    /// <summary>Batches in a pass over the selection, at least 1.</summary>
    public int PerPass => Count / _batch;

    /// <summary>The batch of a step: number <c>step % PerPass</c> of pass <c>step / PerPass</c>.</summary>
    /// <returns>Tensors of the caller's scope.</returns>
    public Batch At(long step)
    {
        var rows = _order.Of(step / PerPass).AsSpan((int)(step % PerPass) * _batch, _batch);
        var (k, size) = (Classes.Count, Shape.Size);
        var (pixels, targets, weights) = (new byte[_batch * size], new float[_batch * k], new float[_batch]);
        for (int i = 0; i < _batch; i++)
        {
            var (set, at) = _images[rows[i]];
            var pixel = pixels.AsSpan(i * size, size);
            if (set.Shape == Shape) set[at].CopyTo(pixel);
            else Resizer.Resize(set[at], set.Shape, pixel, Shape.Height, Shape.Width);
            _targets.AsSpan(rows[i] * k, k).CopyTo(targets.AsSpan(i * k));
            weights[i] = _weights[rows[i]];
        }
        return new(ToTensor(pixels, _batch, Shape), tensor(targets, _batch, k), tensor(weights));
    }

    /// <summary>
    /// Images <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1 of a set, as networks take
    /// them.
    /// </summary>
    /// <param name="side">Resized to squares of so many pixels; null as they are.</param>
    /// <returns>[count, C, H, W], float32 in [−1, 1].</returns>
    public static Tensor Images(ImageSet set, int first, int count, int? side = null)
    {
        if (side is { } s && (set.Shape.Height, set.Shape.Width) != (s, s))
            return Images(Resizer.Resize(set.Subset([.. Enumerable.Range(first, count)]), s, s), 0, count);
        return ToTensor(set.Pixels.Slice(first * set.Shape.Size, count * set.Shape.Size).ToArray(), count, set.Shape);
    }

    private static Tensor ToTensor(byte[] pixels, int count, ImageShape shape)
    {
        using var scope = NewDisposeScope();
        return Pixels.ToFloat(tensor(pixels, count, shape.Channels, shape.Height, shape.Width)).MoveToOuterDisposeScope();
    }

    /// <summary>A set at another side, where that is not too much at once; else as it is.</summary>
    internal static ImageSet Resized(ImageSet set, int side, long most = MostResized) =>
        (long)set.Count * set.Shape.Channels * side * side <= most ? Resizer.Resize(set, side, side) : set;

    private void Fill(ImageSet set, IEnumerable<(int Index, SelectedImage Item)> rows, long mostResized)
    {
        var places = rows.Select(r => (r.Index, At: set.IndexOf(r.Item.Id) is >= 0 and var at ? at : throw new OptionException(
            $"selection: image '{r.Item.Id}' is not in '{r.Item.Source}'; make the selection anew for this set"))).ToList();
        var used = places.Select(p => p.At).Distinct().Order().ToList();
        var chosen = Resized(used.Count == set.Count ? set : set.Subset(used), Shape.Height, mostResized);
        var positions = used.Index().ToDictionary(u => u.Item, u => u.Index);
        foreach (var (index, at) in places) _images[index] = (chosen, positions[at]);
    }

    /// <summary>The channels of the sets that a selection draws from.</summary>
    /// <exception cref="OptionException">As the constructor.</exception>
    internal static int CommonChannels(Selection selection, IReadOnlyDictionary<string, ImageSet> sets)
    {
        var count = selection.Rows.Count;
        if (count < 2) throw new OptionException($"selection: {count} images; training needs at least 2");
        var used = selection.Rows.Select(r => r.Source).Distinct(StringComparer.Ordinal).ToList();
        foreach (var name in used)
        {
            if (!sets.TryGetValue(name, out var set))
                throw new OptionException($"selection: source '{name}' is not given; there are: {string.Join(", ", sets.Keys)}");
            if (!set.Classes.Equals(selection.Classes))
                throw new OptionException($"selection: '{name}' has the classes [{set.Classes}], the selection "
                    + $"[{selection.Classes}]; names and order must be the same");
        }
        if (used.Select(name => sets[name].Shape.Channels).Distinct().Count() > 1)
        {
            throw new OptionException(
                $"selection: {string.Join(", ", used.Select(name => $"'{name}' has {sets[name].Shape.Channels} channels"))}; "
                + "read all with --channels 1 or all with --channels 3");
        }
        return sets[used[0]].Shape.Channels;
    }

    /// <summary>One probability per class, together 1.</summary>
    internal static IEnumerable<float> Target(SelectedImage row, int classes)
    {
        if (row.Soft is null) return Enumerable.Range(0, classes).Select(k => k == row.Label ? 1f : 0f);
        var sum = row.Soft.Sum();
        return row.Soft.Select(p => p / sum);
    }
}
