using Understudy.Common;
using Understudy.Networks;
using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>Tensors to and from the raw arrays of a safetensors file, where type and shape must be the very same.</summary>
internal static class TensorBytes
{
    public static (string Name, string Dtype, long[] Shape, ReadOnlyMemory<byte> Data) Of(string name, Tensor tensor) =>
        Weights.ToEntry(name, tensor);

    /// <exception cref="InvalidDataException">Another type or shape than the target's.</exception>
    public static void RequireFit(SafetensorsEntry entry, Tensor target, string name, string source)
    {
        using var scope = NewDisposeScope();
        var dtype = Weights.ToEntry(name, empty(0, dtype: target.dtype)).Dtype;
        if (entry.Dtype != dtype || !entry.Shape.AsSpan().SequenceEqual(target.shape))
            throw new InvalidDataException($"{source}: '{name}' is {entry.Dtype} [{string.Join(", ", entry.Shape)}], "
                + $"expected {dtype} [{string.Join(", ", target.shape)}]; it was made with other options");
    }

    /// <summary>Copies an array into a tensor of its type and shape.</summary>
    public static void CopyTo(SafetensorsEntry entry, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        target.copy_(Weights.ToTensor(entry));
    }
}
