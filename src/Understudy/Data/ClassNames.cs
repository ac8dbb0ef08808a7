using System.Collections;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// The names of the classes in one fixed order: label k of every artefact made from a set means <c>this[k]</c>. Equal only when
/// names and order are equal: a permuted order is a different labelling.
/// </summary>
public sealed class ClassNames : IReadOnlyList<string>, IEquatable<ClassNames>
{
    private readonly string[] _names;
    private readonly Dictionary<string, int> _index;

    /// <exception cref="InvalidDataException">No name, an empty one, one with a control character, or the same twice.</exception>
    public ClassNames(IEnumerable<string> names)
    {
        _names = [.. names];
        _index = new(_names.Length, StringComparer.Ordinal);
        if (_names.Length == 0) throw new InvalidDataException("no classes: at least one class folder or label is needed");
        for (int i = 0; i < _names.Length; i++)
        {
            var n = _names[i];
            if (string.IsNullOrWhiteSpace(n) || n.Any(char.IsControl))
                throw new InvalidDataException(
                    $"class {i} has the name '{n}': a name needs a visible character and no control characters");
            if (!_index.TryAdd(n, i)) throw new InvalidDataException($"class name '{n}' is given twice");
        }
    }

    public int Count => _names.Length;

    public string this[int index] => _names[index];

    /// <summary>The label of a name, or −1.</summary>
    public int IndexOf(string name) => _index.GetValueOrDefault(name, -1);

    /// <exception cref="OptionException">There is one class only: nothing to tell apart.</exception>
    internal void RequireSeveral()
    {
        if (_names.Length == 1) throw new OptionException($"data: has one class, '{_names[0]}'; a classifier needs two");
    }

    public bool Equals(ClassNames? other) => other is not null && _names.AsSpan().SequenceEqual(other._names);

    public override bool Equals(object? obj) => Equals(obj as ClassNames);

    public override int GetHashCode() => _names.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join(", ", _names);

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_names).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
