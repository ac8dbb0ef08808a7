namespace Understudy.Training;

/// <summary>
/// 0 … count−1 in random order, again and again, each time in another order: what position k holds depends on the key and on k
/// alone, so a run can be taken up anywhere.
/// </summary>
internal sealed class EndlessOrder(Keys keys, string name, int count)
{
    private readonly Dictionary<long, int[]> _passes = [];

    public int this[long position]
    {
        get
        {
            var (pass, at) = Math.DivRem(position, count);
            if (!_passes.TryGetValue(pass, out var order))
            {
                // A batch spans two passes at most, unless it is larger than the set.
                if (_passes.Count >= 8) _passes.Clear();
                _passes[pass] = order = keys.Random(name, pass).Permutation(count);
            }
            return order[at];
        }
    }
}
