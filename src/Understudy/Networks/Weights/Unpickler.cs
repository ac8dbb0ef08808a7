using System.Numerics;

namespace Understudy.Networks;

/// <summary>
/// A pickle machine that can build tensors, numbers, strings, lists, tuples and dictionaries, and nothing else: a name outside
/// <see cref="PickleGlobal"/>, or an operation that would make any other object, is refused, so that nothing in a file is ever
/// run. Values are null, bool, long, BigInteger, double, string, object?[] (tuple), List, Dictionary, <see cref="TorchStorage"/>
/// and
/// <see cref="TorchTensor"/>. Work and memory are bounded by the bytes read and by <see cref="MostOperations"/>: what one
/// operation copies or hashes of what others made is charged as operations.
/// </summary>
internal sealed class Unpickler(PickleCursor input, Dictionary<string, TorchStorage> storages)
{
    /// <summary>A ResNet50's weights take some 9,000.</summary>
    public const int MostOperations = 2_000_000;

    private static readonly object s_mark = new();

    private readonly List<object?> _stack = [];
    private readonly Dictionary<object, object?> _memo = new(PickleKeyComparer.Instance);
    private long _operations;

    /// <summary>Reads one pickle.</summary>
    /// <exception cref="InvalidDataException">It is damaged, too long, or asks for what is refused.</exception>
    public object? Read()
    {
        while (true)
        {
            Charge(1);
            var code = input.Byte();
            if (code == '.') return Pop();
            Do(code);
        }
    }

    private void Charge(int operations)
    {
        if ((_operations += operations) > MostOperations)
            throw input.Error($"more than {MostOperations} pickle operations; no file of weights needs as many");
    }

    private void Do(byte code)
    {
        switch (code)
        {
            case 0x80: RequireProtocol(input.Byte()); break;                                      // PROTO
            case 0x95: input.Int64(); break;                                                      // FRAME
            case (byte)'N': Push(null); break;                                                    // NONE
            case 0x88: Push(true); break;                                                         // NEWTRUE
            case 0x89: Push(false); break;                                                        // NEWFALSE
            case (byte)'J': Push((long)input.Int32()); break;                                     // BININT
            case (byte)'K': Push((long)input.Byte()); break;                                      // BININT1
            case (byte)'M': Push((long)input.UInt16()); break;                                    // BININT2
            case 0x8a: PushInteger(new BigInteger(input.Take(input.Byte()).Span)); break;         // LONG1
            case (byte)'G': Push(input.DoubleBigEndian()); break;                                 // BINFLOAT
            case (byte)'X': Push(input.Text(input.UInt32())); break;                              // BINUNICODE
            case 0x8c: Push(input.Text(input.Byte())); break;                                     // SHORT_BINUNICODE
            case (byte)'T': Push(input.Text(input.Int32())); break;                               // BINSTRING, of Python 2
            case (byte)'U': Push(input.Text(input.Byte())); break;                                // SHORT_BINSTRING, of Python 2
            case (byte)'(': Push(s_mark); break;                                                  // MARK
            case (byte)')': Push(Array.Empty<object?>()); break;                                  // EMPTY_TUPLE
            case 0x85: Push(PopMany(1)); break;                                                   // TUPLE1
            case 0x86: Push(PopMany(2)); break;                                                   // TUPLE2
            case 0x87: Push(PopMany(3)); break;                                                   // TUPLE3
            case (byte)'t': Push(PopToMark()); break;                                             // TUPLE
            case (byte)']': Push(new List<object?>()); break;                                     // EMPTY_LIST
            case (byte)'a': Append(PopMany(1)); break;                                            // APPEND
            case (byte)'e': Append(PopToMark()); break;                                           // APPENDS
            case (byte)'}': Push(Dictionary([])); break;                                          // EMPTY_DICT
            case (byte)'s': SetItems(PopMany(2)); break;                                          // SETITEM
            case (byte)'u': SetItems(PopToMark()); break;                                         // SETITEMS
            case (byte)'q': _memo[(long)input.Byte()] = Top(); break;                             // BINPUT
            case (byte)'r': _memo[(long)input.UInt32()] = Top(); break;                           // LONG_BINPUT
            case 0x94: _memo[(long)_memo.Count] = Top(); break;                                   // MEMOIZE
            case (byte)'h': Push(Remembered(input.Byte())); break;                                // BINGET
            case (byte)'j': Push(Remembered(input.UInt32())); break;                              // LONG_BINGET
            case (byte)'c': Push(Global(input.Line(), input.Line())); break;                      // GLOBAL
            case 0x93:                                                                            // STACK_GLOBAL
                var names = PopMany(2);
                Push(Global(As<string>(names[0], "a module's name"), As<string>(names[1], "a name in a module")));
                break;
            case (byte)'R': Push(Reduce(PopMany(2))); break;                                      // REDUCE
            case (byte)'b': Build(PopMany(1)[0]); break;                                          // BUILD
            case (byte)'Q': Push(Storage(As<object?[]>(PopMany(1)[0], "a persistent id"))); break; // BINPERSID
            default: throw Refused(code);
        }
    }

    private InvalidDataException Refused(byte code) => input.Error(code switch
    {
        0x81 => "operation NEWOBJ makes an object of any class: refused",
        0x92 => "operation NEWOBJ_EX makes an object of any class: refused",
        (byte)'i' => $"operation INST asks for {input.Line()}.{input.Line()}: refused",
        (byte)'o' => "operation OBJ makes an object of any class: refused",
        0x82 or 0x83 or 0x84 => "operation EXT asks for a registered class: refused",
        _ => $"pickle operation 0x{code:x2} is not among those that weights need: refused",
    });

    private PickleGlobal Global(string module, string name) => PickleGlobal.Find($"{module}.{name}")
        ?? throw input.Error(
            $"asks for {Printable(module)}.{Printable(name)}: refused; only tensors, numbers, strings, lists and dictionaries are read. "
            + "Where the file is yours, save the model's state_dict() alone");

    private object? Reduce(object?[] call)
    {
        var arguments = As<object?[]>(call[1], "the arguments of a call");
        return (call[0], arguments.Length) switch
        {
            (PickleGlobal.OrderedDictionary, 0) => Dictionary([]),
            (PickleGlobal.OrderedDictionary, 1) => Dictionary(As<List<object?>>(arguments[0], "the pairs of an OrderedDict")),
            (PickleGlobal.RebuildTensor, 4 or 6 or 7) => Tensor(arguments),
            (PickleGlobal.RebuildParameter, 3) => As<TorchTensor>(arguments[0], "the data of a parameter"),
            (PickleGlobal g, var n) => throw input.Error($"a call of {g.GetType().Name} with {n} arguments: refused"),
            var (callee, _) => throw input.Error($"a call of {Kind(callee)}: refused"),
        };
    }

    /// <summary>
    /// A state dictionary carries its modules' versions as an attribute: dropped. Nothing else may be given attributes.
    /// </summary>
    private void Build(object? state)
    {
        if (Top() is not Dictionary<object, object?> || state is not Dictionary<object, object?>)
            throw input.Error($"sets the state of {Kind(Top())}: refused");
    }

    private TorchStorage Storage(object?[] id)
    {
        if (id.Length is not (5 or 6) || id[0] is not "storage" || id[1] is not PickleGlobal.StorageType type
            || id[2] is not string key
            || id[4] is not long count || count < 0)
        {
            throw input.Error("a persistent id that names no storage: refused");
        }
        if (id.Length == 6 && id[5] is not null)
            throw input.Error(
                $"storage '{Printable(key)}' is a part of another, as PyTorch before 0.4 wrote it: refused; load and save it "
                + "with a newer one");
        Charge(Hashing(key));
        if (!storages.TryGetValue(key, out var storage)) return storages[key] = new(key, type, count);
        return storage.Type == type && storage.Count == count ? storage
            : throw input.Error($"storage '{Printable(key)}' is declared twice, with different sizes or types");
    }

    private TorchTensor Tensor(object?[] arguments)
    {
        var tensor = new TorchTensor(As<TorchStorage>(arguments[0], "a tensor's storage"),
            As<long>(arguments[1], "a tensor's offset"),
            Longs(arguments[2]), Longs(arguments[3]));
        return tensor.Fault() is { } fault ? throw input.Error(fault) : tensor;
    }

    private long[] Longs(object? tuple) =>
        [.. As<object?[]>(tuple, "a tensor's sizes or strides").Select(v => As<long>(v, "a size or a stride"))];

    private Dictionary<object, object?> Dictionary(List<object?> pairs)
    {
        Charge(pairs.Count);
        var made = new Dictionary<object, object?>(pairs.Count, PickleKeyComparer.Instance);
        foreach (var pair in pairs)
        {
            if (pair is List<object?> { Count: 2 } l) made[Key(l[0])] = l[1];
            else if (pair is object?[] { Length: 2 } t) made[Key(t[0])] = t[1];
            else throw input.Error("an OrderedDict of something else than pairs");
        }
        return made;
    }

    private void SetItems(object?[] items)
    {
        var target = As<Dictionary<object, object?>>(Top(), "what an item is set in");
        if (items.Length % 2 != 0) throw input.Error("a key without a value");
        for (int i = 0; i < items.Length; i += 2) target[Key(items[i])] = items[i + 1];
    }

    private object Key(object? key)
    {
        if (key is not (string or long)) throw input.Error($"{Kind(key)} as a key: only strings and integers are read");
        Charge(Hashing(key as string));
        return key;
    }

    /// <summary>Nothing for any name of a weight; but a key of megabytes may be remembered and used again and again.</summary>
    private static int Hashing(string? key) => (key?.Length ?? 0) / 64;

    private void Append(object?[] items) => As<List<object?>>(Top(), "what an item is appended to").AddRange(items);

    private object? Remembered(uint index) =>
        _memo.TryGetValue((long)index, out var value) ? value : throw input.Error($"remembers {index}, which was never stored");

    private void RequireProtocol(byte protocol)
    {
        if (protocol is < 2 or > 5) throw input.Error($"pickle protocol {protocol}; 2 to 5 are read");
    }

    private void PushInteger(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) Push((long)value);
        else Push(value);
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Top() =>
        _stack.Count > 0 && !ReferenceEquals(_stack[^1], s_mark) ? _stack[^1] : throw input.Error("takes a value where none is");

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count)
    {
        if (_stack.Count < count || _stack.LastIndexOf(s_mark, _stack.Count - 1, count) >= 0)
            throw input.Error("takes a value where none is");
        var taken = _stack[^count..].ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return taken;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.Count - 1;
        while (mark >= 0 && !ReferenceEquals(_stack[mark], s_mark)) mark--;
        if (mark < 0) throw input.Error("takes values to a mark that was never set");
        var taken = _stack[(mark + 1)..].ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return taken;
    }

    private T As<T>(object? value, string what) => value is T t ? t : throw input.Error($"{what} is {Kind(value)}");

    private static string Kind(object? value) => value switch
    {
        null => "None",
        string => "a string",
        bool => "a truth value",
        long or BigInteger => "an integer",
        double => "a number",
        object?[] => "a tuple",
        List<object?> => "a list",
        Dictionary<object, object?> => "a dictionary",
        TorchTensor => "a tensor",
        TorchStorage => "a storage",
        _ => "a function or class",
    };

    /// <summary>A name from the file, fit for a terminal: one line, no control characters, not too long.</summary>
    private static string Printable(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
        return clean.Length <= 80 ? clean : clean[..80] + "…";
    }
}
