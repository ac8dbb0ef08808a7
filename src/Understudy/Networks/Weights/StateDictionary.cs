using Understudy.Common;

namespace Understudy.Networks;

/// <summary>Finds the named tensors in what a pickle holds.</summary>
internal static class StateDictionary
{
    private const string Parallel = "module.";
    private static readonly string[] s_keys = ["state_dict", "model_state_dict", "model", "G_ema", "g_ema"];

    /// <summary>
    /// The tensors of the dictionary under "state_dict", "model_state_dict", "model" or "G_ema", else of the root, which may hold
    /// tensors of its own beside it, such as a best accuracy; what is no tensor is left out, and so is the "module." that
    /// DataParallel puts before every name.
    /// </summary>
    /// <param name="budget">Bytes that copies of strided views may take together.</param>
    /// <exception cref="InvalidDataException">No tensor is found, or the copies are too large.</exception>
    public static IReadOnlyList<KeyValuePair<string, SafetensorsEntry>> Entries(object? root, long budget, string source)
    {
        var within = root as Dictionary<object, object?> ?? [];
        var tensors = s_keys.Select(key => Tensors(within.GetValueOrDefault(key))).FirstOrDefault(t => t.Count > 0)
            ?? Tensors(root);
        if (tensors.Count == 0)
            throw new InvalidDataException($"{source}: holds no named tensors, neither directly nor under "
                + $"{string.Join(", ", s_keys)}; save the model's state_dict()");
        var strip = tensors.All(t => t.Name.StartsWith(Parallel, StringComparison.Ordinal)) ? Parallel.Length : 0;
        var entries = new List<KeyValuePair<string, SafetensorsEntry>>(tensors.Count);
        foreach (var (name, tensor) in tensors)
        {
            if (!tensor.IsContiguous && (budget -= tensor.Count * tensor.Storage.Type.Bytes) < 0)
                throw new InvalidDataException(
                    $"{source}: '{name}' and the views before it are larger than the file by far: refused");
            entries.Add(new(name[strip..], tensor.ToEntry()));
        }
        return entries;
    }

    private static List<(string Name, TorchTensor Tensor)> Tensors(object? value) =>
        value is not Dictionary<object, object?> d ? []
        : [.. d.Where(p => p is { Key: string, Value: TorchTensor }).Select(p => ((string)p.Key, (TorchTensor)p.Value!))];
}
