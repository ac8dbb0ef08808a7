using System.Runtime.InteropServices;
using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>Tensors to and from the raw arrays of a safetensors file.</summary>
internal static class TensorBytes
{
    public static (string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data) Of(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var dense = tensor.detach().contiguous();
        return (name, DtypeOf(tensor.dtype), tensor.shape, dense.numel() == 0 ? ReadOnlyMemory<byte>.Empty : dense.bytes.ToArray());
    }

    /// <exception cref="InvalidDataException">Another type or shape than the target's.</exception>
    public static void RequireFit(SafetensorsEntry entry, Tensor target, string name, string source)
    {
        if (entry.Dtype != DtypeOf(target.dtype) || !entry.Shape.SequenceEqual(target.shape))
            throw new InvalidDataException($"{source}: '{name}' is {entry.Dtype} [{string.Join(", ", entry.Shape)}], "
                + $"expected {DtypeOf(target.dtype)} [{string.Join(", ", target.shape)}]; it was made with other options");
    }

    /// <summary>Copies an array into a tensor of its type and shape.</summary>
    public static void CopyTo(SafetensorsEntry entry, Tensor target)
    {
        if (target.numel() == 0) return;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        // By way of a tensor of its own: the target may be a view.
        var values = empty(entry.Shape, target.dtype);
        values.bytes = MemoryMarshal.AsMemory(entry.Data).Span;
        target.copy_(values);
    }

    private static string DtypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.Float64 => "F64",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        ScalarType.Byte => "U8",
        ScalarType.Bool => "BOOL",
        _ => throw new ArgumentException($"no safetensors type for {type}"),
    };
}
