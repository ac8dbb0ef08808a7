using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Understudy.Common;
using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Tests.Networks.Golden;

/// <summary>
/// Reference numbers of an independent implementation, one folder a set: in the folder named by UNDERSTUDY_GOLDEN, else beside
/// this file.
/// </summary>
internal static class GoldenSets
{
    public const string Variable = "UNDERSTUDY_GOLDEN";

    public static readonly string[] Files =
        ["ops.safetensors", "generator.safetensors", "discriminator.safetensors", "losses.safetensors", "augment.safetensors"];

    public static string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Beside();

    /// <summary>
    /// Every set that has <paramref name="file"/>; throws where there is none, so that a test over nothing fails.
    /// </summary>
    public static TheoryData<string> With(string file)
    {
        var sets = Sets().Where(s => File.Exists(Path.Combine(s, file))).ToList();
        if (sets.Count == 0)
            throw new DirectoryNotFoundException($"no folder in {Folder} holds {file}: point {Variable} at the golden sets");
        return [.. sets];
    }

    public static List<string> Sets() => [.. Directory.GetDirectories(Folder).Order(StringComparer.Ordinal)];

    private static string Beside([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}

/// <summary>One golden file: its case text and its tensors.</summary>
internal sealed class GoldenFile
{
    private readonly SafetensorsContent _content;

    public GoldenFile(string set, string file)
    {
        _content = SafetensorsFile.Read(Path.Combine(set, file));
        Case = JsonNode.Parse(_content.Metadata["case"])!;
    }

    public JsonNode Case { get; }

    public SafetensorsContent Content => _content;

    public bool Has(string name) => _content.Find(name) is not null;

    public Tensor this[string name] => Understudy.Networks.Weights.ToTensor(_content[name]);

    public GeneratorOptions GeneratorOptions => new()
    {
        Resolution = Int("res"),
        Channels = Int("img_channels"),
        LabelDim = Int("c_dim"),
        ZDim = Int("z_dim"),
        WDim = Int("w_dim"),
        MappingLayers = Int("map_layers"),
        ChannelBase = Int("channel_base"),
        ChannelMax = Int("channel_max"),
        Architecture = Enum.Parse<Understudy.Networks.StyleGan2.Architecture>(Case["g_arch"]!.GetValue<string>(),
            ignoreCase: true),
    };

    public DiscriminatorOptions DiscriminatorOptions => new()
    {
        Resolution = Int("res"),
        Channels = Int("img_channels"),
        LabelDim = Int("c_dim"),
        MappingLayers = Int("d_map_layers"),
        ChannelBase = Int("channel_base"),
        ChannelMax = Int("channel_max"),
        StddevGroup = Int("mbstd"),
        Architecture = Enum.Parse<Understudy.Networks.StyleGan2.Architecture>(Case["d_arch"]!.GetValue<string>(),
            ignoreCase: true),
    };

    public Generator Generator()
    {
        var g = new Generator(GeneratorOptions, 1);
        Understudy.Networks.Weights.Load(_content, g, prefix: "G.");
        return g;
    }

    public Discriminator Discriminator()
    {
        var d = new Discriminator(DiscriminatorOptions, 1);
        Understudy.Networks.Weights.Load(_content, d, prefix: "D.");
        return d;
    }

    private int Int(string key) => Case[key]!.GetValue<int>();
}
