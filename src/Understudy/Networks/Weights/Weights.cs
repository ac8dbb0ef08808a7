using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Networks;

/// <summary>What <see cref="Weights.Load(string, TorchSharp.torch.nn.Module, bool, string)"/> found that did not match.</summary>
/// <param name="Metadata">The header's strings.</param>
/// <param name="Missing">Names the network has and the file lacks: left as they were.</param>
/// <param name="Unexpected">Names the file has and the network lacks: ignored.</param>
public sealed record LoadReport(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected);

/// <summary>
/// Parameters and buffers of a network to and from safetensors, under the names of its state dictionary; for our StyleGAN2 these
/// are the names of the reference implementation's.
/// </summary>
public static class Weights
{
    /// <summary>Writes every parameter and persistent buffer, atomically.</summary>
    /// <param name="metadata">Strings for the file's header: the options that made the network, class names, hashes.</param>
    public static void Save(string path, nn.Module module, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsFile.Write(path, metadata ?? new Dictionary<string, string>(), Entries(module));

    /// <summary>
    /// The entries of <see cref="Save"/>, their names behind <paramref name="prefix"/>: for files that hold more than one
    /// network.
    /// </summary>
    public static IEnumerable<(string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data)> Entries(nn.Module module,
        string prefix = "")
    {
        foreach (var (name, value) in module.state_dict())
            yield return ToEntry(prefix + name, value);
    }

    /// <summary>Reads a file into a network of the same options, converting the number type where it differs.</summary>
    /// <param name="strict">Refuses a file that lacks a name or has an unknown one.</param>
    /// <exception cref="InvalidDataException">Another shape under a name, or (strict) other names.</exception>
    public static LoadReport Load(string path, nn.Module module, bool strict = true, string prefix = "")
    {
        var content = SafetensorsFile.Read(path);
        return Load(content, module, strict, prefix, path);
    }

    /// <summary>
    /// As <see cref="Load(string, nn.Module, bool, string)"/>, from what was read; only names behind <paramref name="prefix"/>.
    /// </summary>
    public static LoadReport Load(SafetensorsContent content, nn.Module module, bool strict = true, string prefix = "",
        string source = "the file")
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var state = module.state_dict();
        var missing = state.Keys.Where(k => content.Find(prefix + k) is null).ToList();
        var unexpected = content.Entries.Select(e => e.Key).Where(k => k.StartsWith(prefix, StringComparison.Ordinal))
            .Where(k => !state.ContainsKey(k[prefix.Length..])).ToList();
        if (strict && missing.Count + unexpected.Count > 0)
        {
            throw new InvalidDataException($"{source} is of another network: it lacks {Some(missing)} and has {Some(unexpected)} "
                + "in addition; "
                + "build the network with the options in the file's header");
        }
        var pairs = state.Where(s => content.Find(prefix + s.Key) is not null)
            .Select(s => (s.Key, s.Value, content[prefix + s.Key])).ToList();
        foreach (var (name, value, entry) in pairs)
        {
            if (!value.shape.AsSpan().SequenceEqual(entry.Shape))
                throw new InvalidDataException($"{source}: '{name}' is {Shape(entry.Shape)}; this network's is "
                    + $"{Shape(value.shape)}");
        }
        foreach (var (_, value, entry) in pairs) value.copy_(ToTensor(entry));
        return new(content.Metadata, missing, unexpected);
    }

    /// <summary>Copies every parameter and buffer, value by value, between two networks of the same options.</summary>
    public static void CopyState(nn.Module from, nn.Module to)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var source = from.state_dict();
        foreach (var (name, value) in to.state_dict()) value.copy_(source[name]);
    }

    /// <summary>Whether torch has a number type.</summary>
    internal static bool Supports(string dtype) => s_types.Any(t => t.Name == dtype);

    /// <summary>A raw entry as a tensor on the CPU.</summary>
    /// <exception cref="InvalidDataException">A number type that torch lacks.</exception>
    public static Tensor ToTensor(SafetensorsEntry entry)
    {
        var type = TypeOf(entry.Dtype);
        var tensor = empty(entry.Shape, dtype: type);
        if (tensor.numel() > 0) entry.Data.Span.CopyTo(tensor.bytes);
        return tensor;
    }

    /// <summary>A tensor as a raw entry, copied to the CPU.</summary>
    public static (string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data) ToEntry(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var t = tensor.detach().cpu().contiguous();
        return (name, NameOf(t.dtype), t.shape, t.numel() > 0 ? t.bytes.ToArray() : Array.Empty<byte>());
    }

    private static readonly (string Name, ScalarType Type)[] s_types =
    [
        ("F32", ScalarType.Float32), ("F64", ScalarType.Float64), ("F16", ScalarType.Float16), ("BF16", ScalarType.BFloat16),
        ("I64", ScalarType.Int64), ("I32", ScalarType.Int32), ("I16", ScalarType.Int16), ("I8", ScalarType.Int8),
        ("U8", ScalarType.Byte), ("BOOL", ScalarType.Bool),
    ];

    private static ScalarType TypeOf(string name)
    {
        foreach (var t in s_types)
            if (t.Name == name) return t.Type;
        throw new InvalidDataException($"number type {name} is not supported; one of: "
            + $"{string.Join(", ", s_types.Select(t => t.Name))}");
    }

    private static string NameOf(ScalarType type)
    {
        foreach (var t in s_types)
            if (t.Type == type) return t.Name;
        throw new ArgumentException($"a tensor of {type} has no safetensors type", nameof(type));
    }

    private static string Shape(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static string Some(List<string> names) =>
        names.Count == 0 ? "nothing" : string.Join(", ", names.Take(4)) + (names.Count > 4 ? $" and {names.Count - 4} more" : "");
}
