namespace Understudy.Networks;

/// <summary>What a pickle of weights may ask for by name.</summary>
internal abstract record PickleGlobal
{
    private static readonly Dictionary<string, PickleGlobal> s_allowed = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = new OrderedDictionary(),
        // Of PyTorch before 0.4.
        ["torch._utils._rebuild_tensor"] = new RebuildTensor(),
        ["torch._utils._rebuild_tensor_v2"] = new RebuildTensor(),
        ["torch._utils._rebuild_parameter"] = new RebuildParameter(),
        ["torch.FloatStorage"] = new StorageType("F32", 4),
        ["torch.DoubleStorage"] = new StorageType("F64", 8),
        ["torch.HalfStorage"] = new StorageType("F16", 2),
        ["torch.BFloat16Storage"] = new StorageType("BF16", 2),
        ["torch.LongStorage"] = new StorageType("I64", 8),
        ["torch.IntStorage"] = new StorageType("I32", 4),
        ["torch.ShortStorage"] = new StorageType("I16", 2),
        ["torch.CharStorage"] = new StorageType("I8", 1),
        ["torch.ByteStorage"] = new StorageType("U8", 1),
        ["torch.BoolStorage"] = new StorageType("BOOL", 1),
    };

    public sealed record OrderedDictionary : PickleGlobal;

    public sealed record RebuildTensor : PickleGlobal;

    public sealed record RebuildParameter : PickleGlobal;

    /// <param name="Dtype">safetensors' word for it.</param>
    public sealed record StorageType(string Dtype, int Bytes) : PickleGlobal;

    /// <summary>The global of this name, or null: whatever is not listed here is refused.</summary>
    public static PickleGlobal? Find(string name) => s_allowed.GetValueOrDefault(name);
}
