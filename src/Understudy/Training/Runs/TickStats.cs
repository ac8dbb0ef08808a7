namespace Understudy.Training;

/// <summary>Means over the steps of a tick. Part of a checkpoint, so that a tick cut in two comes out as if it was not.</summary>
public sealed class TickStats
{
    private readonly SortedDictionary<string, (double Sum, long Count)> _sums = new(StringComparer.Ordinal);

    public void Add(string name, double value)
    {
        var (sum, count) = _sums.GetValueOrDefault(name);
        _sums[name] = (sum + value, count + 1);
    }

    /// <summary>The mean of every name since the last call, in the names' order; and starts anew.</summary>
    public Dictionary<string, double> Take()
    {
        var means = _sums.ToDictionary(s => s.Key, s => s.Value.Sum / s.Value.Count, StringComparer.Ordinal);
        _sums.Clear();
        return means;
    }

    internal IEnumerable<KeyValuePair<string, double>> Save() => _sums.SelectMany(s => new KeyValuePair<string, double>[]
    {
        new(s.Key + "/sum", s.Value.Sum), new(s.Key + "/count", s.Value.Count),
    });

    internal void Load(IReadOnlyDictionary<string, double> saved)
    {
        _sums.Clear();
        foreach (var (key, sum) in saved)
        {
            if (key.EndsWith("/sum", StringComparison.Ordinal)) _sums[key[..^4]] = (sum, (long)saved[key[..^4] + "/count"]);
        }
    }
}
