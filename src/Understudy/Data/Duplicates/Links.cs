namespace Understudy.Data;

/// <summary>
/// Gathers pairs into clusters (union–find, the lowest index the root) and remembers which parts hold an image's copies.
/// </summary>
internal sealed class Links
{
    private readonly List<DuplicatePair> _pairs = [];
    private readonly int[] _near, _exact;
    private readonly uint[] _part, _nearParts;
    private uint[]? _held;
    private long _count;

    public Links(ImageSet set, string[] parts)
    {
        _near = [.. Enumerable.Range(0, set.Count)];
        _exact = [.. _near];
        _nearParts = new uint[set.Count];
        _part = [.. _near.Select(i => set.Parts is null ? 1u : 1u << Array.IndexOf(parts, set.Parts[i]))];
    }

    /// <summary>
    /// Image <paramref name="copy"/> equals <paramref name="original"/>, which is the first of its kind. All of these come before
    /// the first <see cref="Near"/>.
    /// </summary>
    public void Exact(int original, int copy)
    {
        _exact[copy] = original;
        Union(original, copy);
        Add(new(original, copy, 1, true, false));
    }

    /// <summary>Both images are the first of their kind; what holds for one holds for its exact copies.</summary>
    public void Near(DuplicatePair pair)
    {
        _held ??= Held();
        _nearParts[pair.A] |= _held[pair.B];
        _nearParts[pair.B] |= _held[pair.A];
        Union(pair.A, pair.B);
        Add(pair);
    }

    public DuplicateReport Report(double threshold, string[] parts, int[] blank)
    {
        _held ??= Held();
        var seen = new uint[_part.Length];    // parts that hold a first copy, then those that hold two or more
        var twice = new uint[_part.Length];
        for (int i = 0; i < _part.Length; i++)
        {
            twice[_exact[i]] |= seen[_exact[i]] & _part[i];
            seen[_exact[i]] |= _part[i];
        }
        var exactParts = new uint[_part.Length];
        var nearParts = new uint[_part.Length];
        for (int i = 0; i < _part.Length; i++)
        {
            var original = _exact[i];
            exactParts[i] = (seen[original] & ~_part[i]) | (twice[original] & _part[i]);
            nearParts[i] = exactParts[i] | _nearParts[original];
        }
        _pairs.Sort((a, b) => a.A != b.A ? a.A.CompareTo(b.A) : a.B.CompareTo(b.B));
        return new(threshold, _pairs, _count, [.. Enumerable.Range(0, _near.Length).Select(Root)], _exact, nearParts, exactParts,
            parts, blank);
    }

    /// <summary>For each first of its kind, the parts that hold it or an exact copy.</summary>
    private uint[] Held()
    {
        var held = new uint[_part.Length];
        for (int i = 0; i < _part.Length; i++) held[_exact[i]] |= _part[i];
        return held;
    }

    private void Add(DuplicatePair pair)
    {
        if (_count++ < Duplicates.MaxPairs) _pairs.Add(pair);
    }

    private void Union(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        if (a != b) _near[Math.Max(a, b)] = Math.Min(a, b);
    }

    private int Root(int i)
    {
        while (_near[i] != i) i = _near[i] = _near[_near[i]];
        return i;
    }
}
