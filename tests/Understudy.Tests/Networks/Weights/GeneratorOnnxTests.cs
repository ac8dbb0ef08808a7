using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using Arch = Understudy.Networks.StyleGan2.Architecture;
using Generator = Understudy.Networks.StyleGan2.Generator;
using Tensor = TorchSharp.torch.Tensor;

namespace Understudy.Tests.Networks;

/// <summary>ONNX Runtime makes the generator's images.</summary>
[Collection("torch")]
public sealed class GeneratorOnnxTests : IDisposable
{
    private static readonly GeneratorOptions s_small =
        new() { Resolution = 16, ZDim = 12, WDim = 16, ChannelBase = 128, ChannelMax = 12 };

    private readonly TempFolder _folder = new();

    public static TheoryData<Arch, int, int> Networks
    {
        get
        {
            var all = new TheoryData<Arch, int, int>();
            foreach (var architecture in Enum.GetValues<Arch>())
                foreach (var resolution in (int[])[16, 12])                                 // from a 4×4 and from a 3×3 base
                    foreach (var labels in (int[])[0, 3]) all.Add(architecture, resolution, labels);
            return all;
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Write_EveryArchitecture_GivesItsImagesInOnnxRuntime(Arch architecture, int resolution, int labels)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var g = Make(
            s_small with
            {
                Architecture = architecture,
                Resolution = resolution,
                LabelDim = labels,
                Channels = labels == 0 ? 3 : 1
            });
        var (z, c) = (randn(3, 12), labels > 0 ? eye(3, labels) : null);

        GeneratorOnnx.Write(_folder["g.onnx"], g, NoiseMode.Const, 1, null,
            new Dictionary<string, string> { ["classes"] = "a,b,c" });

        Same(g.Synthesize(g.Map(z, c), NoiseMode.Const), Run(z, c));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_TruncatedWithoutNoise_GivesTheTruncatedImages(bool perClass)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var g = Make(s_small with { LabelDim = 3 });
        var (z, c, centers) = (randn(3, 12), eye(3, 3), randn(3, 16));

        GeneratorOnnx.Write(_folder["g.onnx"], g, NoiseMode.None, 0.4, perClass ? centers : null,
            new Dictionary<string, string>());

        Same(g.Synthesize(g.Truncate(g.Map(z, c), 0.4, center: perClass ? centers : null), NoiseMode.None), Run(z, c));
        Assert.True(Near.MaxDifference(g.Synthesize(g.Map(z, c), NoiseMode.None), Run(z, c)) > 0.01);
    }

    [Fact]
    public void Write_RandomNoise_IsRefused()
    {
        using var g = Make(s_small);
        var e = Assert.Throws<OptionException>(() =>
            GeneratorOnnx.Write(_folder["g.onnx"], g, NoiseMode.Random, 1, null, new Dictionary<string, string>()));
        Assert.StartsWith("noise: random", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["g.onnx"]));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>With noise, biases and a mean w, which a new network lacks.</summary>
    private static Generator Make(GeneratorOptions options)
    {
        var g = new Generator(options, 5);
        using var off = no_grad();
        foreach (var (name, p) in g.named_parameters())
        {
            if (name.EndsWith("noise_strength", StringComparison.Ordinal)) p.fill_(0.3);
            if (name.EndsWith("bias", StringComparison.Ordinal)) p.add_(randn_like(p) * 0.2);
        }
        g.AverageW.copy_(randn(options.WDim) * 0.3);
        g.eval();
        return g;
    }

    private Tensor Run(Tensor z, Tensor? c)
    {
        using var options =
            new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(_folder["g.onnx"], options);
        List<NamedOnnxValue> inputs = [Input(GeneratorOnnx.Latent, z)];
        if (c is not null) inputs.Add(Input(GeneratorOnnx.Condition, c));
        using var results = session.Run(inputs);
        var image = results.Single(r => r.Name == GeneratorOnnx.Output).AsTensor<float>();
        return tensor(image.ToArray(), image.Dimensions.ToArray().Select(d => (long)d).ToArray());
    }

    private static NamedOnnxValue Input(string name, Tensor x) =>
        NamedOnnxValue.CreateFromTensor(name,
            new DenseTensor<float>(x.data<float>().ToArray(), [(int)x.shape[0], (int)x.shape[1]]));

    private static void Same(Tensor expected, Tensor actual)
    {
        var scale = Math.Max(1, expected.abs().max().item<float>());
        Assert.True(expected.std().item<float>() > 0.1, "an image without contrast proves nothing");
        Near.Equal(expected, actual, 1e-4 * scale);
    }
}
