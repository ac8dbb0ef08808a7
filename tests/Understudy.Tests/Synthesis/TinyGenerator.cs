using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;
using Understudy.Training;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Tests.Synthesis;

/// <summary>
/// An untrained generator with what training would give one: noise, biases, a mean w, classes that look different.
/// </summary>
internal static class TinyGenerator
{
    public static readonly GeneratorOptions Options =
        new() { Resolution = 16, LabelDim = 3, ZDim = 16, WDim = 16, ChannelBase = 256, ChannelMax = 16 };

    public static Generator Make(GeneratorOptions? options = null, ulong seed = 4)
    {
        var generator = new Generator(options ?? Options, seed);
        var keys = new Keys(seed);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var (name, p) in generator.named_parameters())
        {
            if (name.EndsWith("noise_strength", StringComparison.Ordinal)) p.fill_(0.3);
            if (name.EndsWith("bias", StringComparison.Ordinal)) p.add_(keys.Normal(name, 0, p.shape) * 0.2);
        }
        generator.AverageW.add_(0.1);
        generator.eval();
        return generator;
    }

    /// <summary>Writes one and returns its path.</summary>
    public static string Save(string path, GeneratorOptions? options = null)
    {
        using var generator = Make(options);
        var classes = generator.Options.LabelDim == 0
            ? ["all"] : "abcdefgh".Take(generator.Options.LabelDim).Select(c => $"{c}").ToArray();
        GeneratorFile.Save(path, generator, new(generator.Options, classes, "data", "split", 4, 1000));
        return path;
    }

    public static Sampler Sampler(TempFolder folder, GeneratorOptions? options = null) =>
        Understudy.Synthesis.Sampler.Load(Save(folder["generator.safetensors"], options));
}
