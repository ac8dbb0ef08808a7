using System.Runtime.InteropServices;

namespace Understudy.Networks;

/// <summary>
/// Strings and integers as keys. Hashes are keyed anew in every process: an integer's own hash is its two halves, one against the
/// other, by which a file could make all its keys fall on one another.
/// </summary>
internal sealed class PickleKeyComparer : IEqualityComparer<object>
{
    public static PickleKeyComparer Instance { get; } = new();

    public new bool Equals(object? x, object? y) => object.Equals(x, y);

    public int GetHashCode(object key) =>
        key is long n ? string.GetHashCode(MemoryMarshal.Cast<long, char>([n])) : key.GetHashCode();
}
