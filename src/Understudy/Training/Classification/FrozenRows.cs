using Understudy.Data;
using static TorchSharp.torch;

namespace Understudy.Training.Classification;

/// <summary>
/// The rows of a selection as features, targets and weights, in the batches and the order of <see cref="Batches"/>.
/// </summary>
internal sealed class FrozenRows : IDisposable
{
    private readonly Tensor _features, _targets, _weights;
    private readonly int _batch;
    private readonly PassOrder _order;

    /// <param name="features">[rows, F]; becomes this object's.</param>
    public FrozenRows(Selection selection, Tensor features, int batch, ulong seed, bool balanced = false,
        double classWeighting = 0)
    {
        (Count, _batch, _features) = (selection.Rows.Count, Math.Min(batch, selection.Rows.Count), features);
        _order = new(selection, balanced, seed);
        using var scope = NewDisposeScope();
        var classes = selection.Classes.Count;
        _targets = tensor(selection.Rows.SelectMany(r => Batches.Target(r, classes)).ToArray(), Count, classes)
            .DetachFromDisposeScope();
        _weights = tensor(RowWeights.Of(selection, classWeighting)).DetachFromDisposeScope();
    }

    public int Count { get; }

    public int PerPass => Count / _batch;

    /// <summary>The batch of a step; its tensors are the caller's scope's.</summary>
    public Batch At(long step)
    {
        using var rows = tensor(_order.Of(step / PerPass).AsSpan((int)(step % PerPass) * _batch, _batch).ToArray());
        return new(_features.index_select(0, rows), _targets.index_select(0, rows), _weights.index_select(0, rows));
    }

    /// <summary>The features of every row of a selection, from those of its images: each image is asked about once.</summary>
    /// <param name="of">The features of a set's images.</param>
    /// <returns>[rows, F]; the caller's.</returns>
    public static Tensor Features(Selection selection, IReadOnlyDictionary<string, ImageSet> sets, Func<ImageSet, Tensor> of)
    {
        using var scope = NewDisposeScope();
        var places = new long[selection.Rows.Count];
        var (parts, offset) = (new List<Tensor>(), 0L);
        foreach (var rows in selection.Rows.Index().GroupBy(r => r.Item.Source))
        {
            var set = sets[rows.Key];
            var at = rows.Select(r => (r.Index, At: set.IndexOf(r.Item.Id))).ToList();
            var used = at.Select(r => r.At).Distinct().Order().ToList();
            var positions = used.Index().ToDictionary(u => u.Item, u => u.Index);
            parts.Add(of(used.Count == set.Count ? set : set.Subset(used)));
            foreach (var (row, image) in at) places[row] = offset + positions[image];
            offset += used.Count;
        }
        using var all = cat(parts);
        parts.ForEach(p => p.Dispose());
        return all.index_select(0, tensor(places)).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        _features.Dispose();
        _targets.Dispose();
        _weights.Dispose();
    }
}
