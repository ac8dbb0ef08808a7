using System.Text;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Classifiers;

/// <summary>Weights and inputs that are a closed formula of (name, index): Oracles/formula.py in C#.</summary>
internal static class Formula
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Images in [−1, 1), [count, channels, side, side].</summary>
    public static Tensor Image(int count, int channels, int side)
    {
        var values = new float[count * channels * side * side];
        var seed = Fnv1a("input");
        for (int i = 0; i < values.Length; i++) values[i] = (float)(2 * Uniform(seed, i) - 1);
        return tensor(values, [count, channels, side, side]);
    }

    /// <summary>Gives every parameter and buffer of a network its value by its name and shape.</summary>
    public static void Fill(nn.Module net, double gain)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in net.state_dict())
        {
            if (!name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                target.copy_(tensor(Values(name, target.shape, gain), target.shape));
        }
    }

    private static float[] Values(string name, long[] shape, double gain)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        var seed = Fnv1a(name);
        var bound = Math.Sqrt(gain * shape[0] / values.Length);
        var scales = name.EndsWith("running_var", StringComparison.Ordinal)
            || (shape.Length == 1 && name.EndsWith(".weight", StringComparison.Ordinal));
        for (int i = 0; i < values.Length; i++)
        {
            var u = Uniform(seed, i);
            values[i] = (float)(scales ? .5 + u : (2 * u - 1) * (shape.Length >= 2 ? bound : .2));
        }
        return values;
    }

    private static ulong Fnv1a(string name)
    {
        var h = 0xCBF29CE484222325;
        foreach (var b in Encoding.UTF8.GetBytes(name)) h = (h ^ b) * 0x100000001B3;
        return h;
    }

    private static double Uniform(ulong seed, long index)
    {
        var z = seed + Golden * (ulong)(index + 1);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
