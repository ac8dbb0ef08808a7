using Understudy.Networks.Ops;
using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using static Understudy.Networks.OnnxGraph;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Networks;

/// <summary>
/// Generators as ONNX models: z [batch, z_dim] and, where conditional, one-hot labels c [batch, classes] to images [batch, C, R,
/// R], float32, about [−1, 1]. Gains are folded into the weights; noise is the stored pattern or none, so that the same z gives
/// the same image.
/// </summary>
public static class GeneratorOnnx
{
    /// <summary>The names of the inputs and of the output.</summary>
    public const string Latent = "z", Condition = "c", Output = "image";

    /// <summary>Writes the model, atomically.</summary>
    /// <param name="noise"><see cref="NoiseMode.Const"/> or <see cref="NoiseMode.None"/>.</param>
    /// <param name="psi">Truncation ψ, fixed in the file.</param>
    /// <param name="centers">One truncation center for each class, [classes, w_dim]; null: the one mean w.</param>
    /// <param name="metadata">Strings for the file, such as the class names.</param>
    /// <exception cref="Common.OptionException">Random noise, which a model of fixed operations does not have.</exception>
    public static void Write(string path, Generator generator, NoiseMode noise, double psi, Tensor? centers,
        IReadOnlyDictionary<string, string> metadata)
    {
        if (noise == NoiseMode.Random)
            throw new Common.OptionException("noise: random is not known to an ONNX model; give const or none");
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (graph, o) = (new OnnxGraph(), generator.Options);
        var result = new Figure(graph, generator, noise).Draw(psi, centers);
        List<(string, long[])> inputs = [(Latent, [o.ZDim])];
        if (o.LabelDim > 0) inputs.Add((Condition, [o.LabelDim]));
        graph.Output(Output, result, o.Channels, o.Resolution, o.Resolution);
        OnnxFile.Write(path, graph.ToMessage(nameof(Generator), inputs), metadata);
    }

    /// <summary>The generator's figure in ONNX's operations, from its state dictionary.</summary>
    private sealed class Figure(OnnxGraph graph, Generator generator, NoiseMode noise)
    {
        private readonly GeneratorOptions _o = generator.Options;
        private readonly Dictionary<string, Tensor> _state = generator.state_dict();
        private readonly Tensor _filter = Resampling.Filter1331() * 4;                      // [4, 4], the gain of doubling
        private readonly string _perChannel = graph.Integers("per_channel", 0, -1, 1, 1);   // [N, F] to [N, F, 1, 1]
        private readonly string _tiny = graph.Weight("tiny", tensor(1e-8f));

        public string Draw(double psi, Tensor? centers)
        {
            var w = Truncate(Map(), psi, centers);
            string? x = null, image = null;
            var pyramid = new Pyramid(_o.Resolution, _o.ChannelBase, _o.ChannelMax);
            foreach (var r in pyramid.Resolutions)
            {
                var (name, below) = ($"synthesis.b{r}.", x);
                var residual = _o.Architecture == Architecture.Resnet && below is not null;
                x = below is null ? Weight(name + "const", _state[name + "const"].unsqueeze(0))
                    : Layer(below, w, name + "conv0", 2, 1);
                x = Layer(x, w, name + "conv1", 1, residual ? Math.Sqrt(0.5) : 1);
                if (residual) x = graph.Add(Shortcut(below!, name + "skip"), x);
                if (image is not null) image = Double(image, _o.Channels, name + "image_filter");
                if (r != _o.Resolution && _o.Architecture != Architecture.Skip) continue;
                var rgb = ToRgb(x, w, name + "torgb");
                image = image is null ? rgb : graph.Add(rgb, image);
            }
            return image!;
        }

        /// <summary>z and c to w [N, w_dim].</summary>
        private string Map()
        {
            var x = Normalise(Latent);
            if (_o.LabelDim > 0)
                x = graph.Node("Concat", [x, Normalise(Linear(Condition, "mapping.embed", 1))], Attribute("axis", 1));
            for (int i = 0; i < _o.MappingLayers; i++) x = Rectify(Linear(x, $"mapping.fc{i}", Math.Sqrt(2) * 0.01));
            return x;
        }

        private string Truncate(string w, double psi, Tensor? centers)
        {
            if (psi == 1) return w;
            var scaled = graph.Multiply(w, Weight("psi", tensor((float)psi)));
            return graph.Add(scaled, centers is null ? Weight("center", generator.AverageW * (1 - psi))
                : graph.Node("MatMul", [Condition, Weight("centers", centers * (1 - psi))]));
        }

        /// <summary>Modulated 3×3 convolution, noise, bias, leaky rectifier; <paramref name="gain"/> on top of its √2.</summary>
        private string Layer(string x, string w, string name, int up, double gain)
        {
            gain *= Math.Sqrt(2);
            var (weight, outputs) = (_state[name + ".weight"], _state[name + ".weight"].shape[0]);
            var styles = Linear(w, name + ".affine", 1);                                    // [N, I]
            var y = graph.Multiply(x, PerChannel(styles));
            if (up == 1) y = Convolve(y, Weight(name + ".weight", weight), padding: 1);
            else
            {
                y = graph.Node("ConvTranspose", [y, Weight(name + ".weight", weight.transpose(0, 1))],
                    Attribute("strides", [2, 2]));
                y = Convolve(y, Weight(name + ".resample_filter", _filter.expand(outputs, 1, 4, 4)), padding: 1, outputs);
            }
            var energy = Weight(name + ".energy", weight.square().sum([2, 3]).t());         // [I, O]
            var power = graph.Add(graph.Node("MatMul", [graph.Multiply(styles, styles), energy]), _tiny);
            var demodulation = graph.Node("Div", [Weight(name + ".gain", tensor((float)gain)), graph.Node("Sqrt", [power])]);
            y = graph.Multiply(y, PerChannel(demodulation));
            if (noise == NoiseMode.Const)
                y = graph.Add(y,
                    Weight(name + ".noise", _state[name + ".noise_const"] * _state[name + ".noise_strength"] * gain));
            return Rectify(graph.Add(y, Weight(name + ".bias", (_state[name + ".bias"] * gain).view(-1, 1, 1))));
        }

        private string ToRgb(string x, string w, string name)
        {
            var styles = Linear(w, name + ".affine", 1 / Math.Sqrt(_state[name + ".weight"].shape[1]));
            var y = Convolve(graph.Multiply(x, PerChannel(styles)), Weight(name + ".weight", _state[name + ".weight"]));
            return graph.Add(y, Weight(name + ".bias", _state[name + ".bias"].view(-1, 1, 1)));
        }

        private string Shortcut(string x, string name)
        {
            var weight = _state[name + ".weight"];
            var y = Convolve(x, Weight(name + ".weight", weight * Math.Sqrt(0.5 / weight.shape[1])));
            return Double(y, weight.shape[0], name + ".resample_filter");
        }

        /// <summary>Twice the size, every channel by the filter alone.</summary>
        private string Double(string x, long channels, string name) =>
            graph.Node("ConvTranspose", [x, Weight(name, _filter.expand(channels, 1, 4, 4))],
            Attribute("strides", [2, 2]), Attribute("pads", [1, 1, 1, 1]), Attribute("group", channels));

        private string Convolve(string x, string weight, long padding = 0, long groups = 1) =>
            graph.Node("Conv", [x, weight], Attribute("pads", [padding, padding, padding, padding]), Attribute("group", groups));

        private string Linear(string x, string name, double gain)
        {
            var (weight, bias) = (_state[name + ".weight"], _state[name + ".bias"]);
            weight *= gain / Math.Sqrt(weight.shape[1]);
            return graph.Node("Gemm", [x, Weight(name + ".weight", weight), Weight(name + ".bias", bias * gain)],
                Attribute("transB", 1));
        }

        private string Rectify(string x) => graph.Node("LeakyRelu", [x], Attribute("alpha", (float)BiasAct.Slope));

        private string Normalise(string x)
        {
            var power = graph.Node("ReduceMean", [graph.Multiply(x, x)], Attribute("axes", [1]), Attribute("keepdims", 1));
            return graph.Node("Div", [x, graph.Node("Sqrt", [graph.Add(power, _tiny)])]);
        }

        private string PerChannel(string styles) => graph.Node("Reshape", [styles, _perChannel]);

        private string Weight(string name, Tensor value) => graph.Weight(name, value);
    }
}
